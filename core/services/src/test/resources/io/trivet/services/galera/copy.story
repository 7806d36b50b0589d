# An operator accepted the loss of what only this member has: its history is taken away before it joins, so it copies everything.
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
> unit mariadb.service inactive dead success
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 0
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  reports STOPPED for 0: at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> target started join-copy
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  write /var/lib/mysql/grastate.dat (mysql:mysql 0660: # GALERA saved state | version: 2.1 | uuid:    00000000-0000-0000-0000-000000000000 | seqno:   -1 | safe_to_bootstrap: 0)
  write /run/trivet/galera.env (root:root 0600: MYSQLD_OPTS=--wsrep-sst-donor=c2,c3,)
  start mariadb.service
  reports STARTING for 2 {up=yes}
> unit mariadb.service activating start success
> unit mariadb.service failed failed exit-code
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 2: it exited with an error
> file state @grastate-copying.dat
> folder data ibdata1,mysql
  reports STOPPED for 2: it exited with an error; no complete copy {position=incomplete}
> target stopped plain
  reports STOPPED for 3: no complete copy {position=incomplete}
