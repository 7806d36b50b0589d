# Stopped by a signal: it takes connections and never answers. Its part moves by the report; its controller kills it only when told to.
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
> until 0.5
  at 0.500
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @synced.tsv
> until 2.5
  at 1.000
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
  at 2.200
  reports FAILED for 5: hangs: no answer to SQL on its local socket for 1.7 s {hangs=works, up=yes}
# It uses no processor time: it does not get on.
> cpu mariadb.service 7.0
> until 3.2
> cpu mariadb.service 7.0
> until 3.7
> cpu mariadb.service 7.0
  at 3.700
  reports FAILED for 5: hangs: no answer to SQL on its local socket for 1.7 s, and it does nothing {hangs=stopped, up=yes}
> target started rejoin
  kill mariadb.service
  reports STOPPING for 5 {up=yes}
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
> unit mariadb.service activating start success
> unit mariadb.service active running success
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @synced.tsv
  sql SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_provider_options' as options
  reports STARTED for 6: Synced, 3 of 3 {members=c1 c2 c3, primary=yes, state=Synced, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
