# Cut off from the others: one look is no proof, two are. The leader orders it to stop and join; it hangs, so it is killed.
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
> until 1.0
  at 0.500
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @outside.tsv
> until 1.2
  at 1.200
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @outside.tsv
  reports FAILED for 5: outside of a primary component, sees 1 of 3 {members=c1, state=Initialized, up=yes}
> target started rejoin
  stop mariadb.service
  reports STOPPING for 5 {members=c1, state=Initialized, up=yes}
> until 61.2
  at 1.400
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
  at 3.150
  reports STOPPING for 5 {up=yes}
  at 61.200
  kill mariadb.service
> sql sample @outside.tsv
  reports STOPPING for 5 {members=c1, state=Initialized, up=yes}
> unit mariadb.service failed failed signal
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 5
> file state @grastate-running.dat
> folder data ibdata1,mysql
  run /usr/sbin/mariadbd --user=mysql --wsrep-recover --disable-log-error as recover
> tool recover 0 - @recover.log
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 5: at 3 {position=known, seqno=3, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> file state @grastate-running.dat
> folder data ibdata1,mysql
  write /run/trivet/galera.env (root:root 0600: MYSQLD_OPTS=--wsrep-sst-donor=c2,c3,)
  start mariadb.service
  reports STARTING for 6 {up=yes}
