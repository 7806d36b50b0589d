# Two survivors suspected each other as well as the one that is gone: neither has a component, until the leader has one of them re-form it.
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
> target started reform
  connect to 10.77.0.13:4567 as peer-c3
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> at 0.95
> sql sample @outside.tsv wsrep_incoming_addresses=10.77.0.11:3306,unspecified
> probe peer-c3 bad no route
  at 0.950
  sql SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES' as reform
  reports FAILED for 8: outside of a primary component, sees 2 of 3 {members=c1 unspecified, state=Initialized, up=yes}
> sql reform @none.tsv
> until 1.1
> sql sample @synced.tsv wsrep_incoming_addresses=10.77.0.11:3306,10.77.0.12:3306
  at 1.100
  sql SET GLOBAL wsrep_provider_options = 'evs.suspect_timeout=PT5S' as restore
  reports STARTED for 8: Synced, 2 of 3 {members=c1 c2, primary=yes, state=Synced, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
# Told again when it is primary: nothing to do.
> target started reform
  reports STARTED for 9: Synced, 2 of 3 {members=c1 c2, primary=yes, state=Synced, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
