# What the leader counted on is looked at once more before a component is made primary: the order may be late, and the reports it rests on as well.
> present c1 c2 c3
> inherits join
> begins
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> file bootstrapped none
> tool units 0
> unit mariadb.service active running success
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> target inherited
> sql sample @synced.tsv
  sql SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_provider_options' as options
  reports STARTED for 5: Synced, 3 of 3 {members=c1 c2 c3, primary=yes, state=Synced, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
> sql options @options.tsv
> decided galera.primary=c1 c2 c3
> at 0.5
> absent c3
  at 0.500
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> gone c3
  end connections with 10.77.0.13, but not of ports 5672 and 25672
  sql SET GLOBAL wsrep_provider_options = 'evs.suspect_timeout=PT0.5S' as shorten
> sql shorten @none.tsv
> until 0.7
> sql sample @outside.tsv
> until 0.9
  at 0.900
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @outside.tsv wsrep_incoming_addresses=10.77.0.11:3306,unspecified
  reports FAILED for 5: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
# The one that is missing runs: it may have a component.
> target started reform
  connect to 10.77.0.13:4567 as peer-c3
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> at 0.95
> sql sample @outside.tsv wsrep_incoming_addresses=10.77.0.11:3306,unspecified
> probe peer-c3 ok port 4567 accepts connections
  at 0.950
  says galera-bootstrap-refused: galera on c1 was told to make the component that it sees the primary one and did not: Galera answers on c3, a second primary component could come of it.
  reports FAILED for 8: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
# It sees fewer members by now than the leader was told.
> until 1.2
  at 1.150
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @outside.tsv wsrep_incoming_addresses=10.77.0.11:3306
  at 1.200
  reports FAILED for 8: outside of a primary component, sees 1 of 3 {members=c1, state=Initialized, up=yes}
> target started reform
  says galera-bootstrap-refused: galera on c1 was told to make the component that it sees the primary one and did not: it sees 1 members, and c1 and c2 are here, a second primary component could come of it.
  reports FAILED for 9: outside of a primary component, sees 1 of 3 {members=c1, state=Initialized, up=yes}
# No answer came since the order.
> until 1.5
  at 1.400
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @outside.tsv wsrep_incoming_addresses=10.77.0.11:3306,unspecified
  at 1.500
  reports FAILED for 9: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
> target started reform
  connect to 10.77.0.13:4567 as peer-c3
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> at 1.55
> probe peer-c3 bad no route
  at 1.550
  sql SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES' as reform
  reports FAILED for 10: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
# The missing one is back.
> at 1.6
> sql sample @outside.tsv wsrep_incoming_addresses=10.77.0.11:3306,unspecified
> present c3
> target started reform
  at 1.600
  says galera-bootstrap-refused: galera on c1 was told to make the component that it sees the primary one and did not: of the last primary component (c1, c2 and c3) c1, c2 and c3 are here, a second primary component could come of it.
  reports FAILED for 12: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
# Another member has a component again.
> absent c3
> peer c2 STARTED up=yes primary=yes state=Synced
> target started reform
  says galera-bootstrap-refused: galera on c1 was told to make the component that it sees the primary one and did not: c2 has a primary component, a second primary component could come of it.
  reports FAILED for 15: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
