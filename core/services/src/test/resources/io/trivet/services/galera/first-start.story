# A controller where MariaDB was just installed: files first, then the position, then the order to bootstrap.
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
> unit mariadb.service inactive dead success
  reports STOPPED for 0
> tool units 0
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state none
> folder data ibdata1,mysql
  run /usr/sbin/mariadbd --user=mysql --wsrep-recover --disable-log-error as recover
> tool recover 0 - WSREP: Recovered position: 00000000-0000-0000-0000-000000000000:-1
  reports STOPPED for 0: no data yet {position=none}
> target started bootstrap
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state none
> folder data ibdata1,mysql
  connect to 10.77.0.12:4567 as peer-c2
  connect to 10.77.0.13:4567 as peer-c3
# Nobody answers on Galera's port: it may.
> probe peer-c2 failed connection refused
> probe peer-c3 failed timed out
  write /var/lib/trivet/galera.bootstrapped (root:root 0600: 2 | test at 0)
  write /run/trivet/galera.env (root:root 0600: _WSREP_NEW_CLUSTER=--wsrep-new-cluster)
  start mariadb.service
  reports STARTING for 2 {up=yes}
> unit mariadb.service activating start success
> at 1.6
> unit mariadb.service active running success
  at 1.600
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @synced.tsv
  sql SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_provider_options' as options
  reports STARTED for 2: Synced, 3 of 3 {members=c1 c2 c3, primary=yes, state=Synced, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
> sql options @options.tsv
> until 3.0
  at 2.100
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
