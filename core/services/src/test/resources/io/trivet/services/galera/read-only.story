# The kernel made the file system read-only after an error: the server answers as ever, and what is written to it waits or is lost.
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
> disk /var/lib/mysql: Read-only file system
> until 1.5
  at 0.500
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
  at 1.000
  reports FAILED for 5: cannot write: /var/lib/mysql: Read-only file system {members=c1 c2 c3, primary=yes, state=Synced, unwritable=/var/lib/mysql: Read-only file system, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
> sql sample @synced.tsv
> disk good
> until 2.5
  at 2.000
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
  reports STARTED for 5: Synced, 3 of 3 {members=c1 c2 c3, primary=yes, state=Synced, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
> sql sample @synced.tsv
# A disk that does not answer at all.
> disk silent
> until 4.0
  at 3.000
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
> sql sample @synced.tsv
> until 9.0
  at 4.500
  sql SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed', 'wsrep_received') as sample
  at 8.000
  reports FAILED for 5: cannot write: /var/lib/mysql does not answer {members=c1 c2 c3, primary=yes, state=Synced, unwritable=/var/lib/mysql does not answer, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
  at 8.500
  reports FAILED for 5: hangs: no answer to SQL on its local socket for 4.5 s {hangs=works, unwritable=/var/lib/mysql does not answer, up=yes}
> sql sample @synced.tsv
  at 9.000
  reports FAILED for 5: cannot write: /var/lib/mysql does not answer {members=c1 c2 c3, primary=yes, state=Synced, unwritable=/var/lib/mysql does not answer, up=yes, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c, view=3}
