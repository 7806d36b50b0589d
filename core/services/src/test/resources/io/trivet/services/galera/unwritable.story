# The disk is full: nothing starts with settings that are not in place, and each new order tries again.
> begins
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> unwritable /etc/mysql/mariadb.conf.d/99-trivet.cnf No space left on device
> unwritable /run/systemd/system/mariadb.service.d/trivet.conf No space left on device
> file bootstrapped none
> unit mariadb.service inactive dead success
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 0: cannot write /run/systemd/system/mariadb.service.d/trivet.conf: No space left on device
# The position is told all the same: the others wait for it.
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  reports STOPPED for 0: cannot write /run/systemd/system/mariadb.service.d/trivet.conf: No space left on device; at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> target started join
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> unwritable /etc/mysql/mariadb.conf.d/99-trivet.cnf No space left on device
  reports STOPPED for 2: cannot write /etc/mysql/mariadb.conf.d/99-trivet.cnf: No space left on device; at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> unwritable /run/systemd/system/mariadb.service.d/trivet.conf No space left on device
  reports STOPPED for 2: cannot write /run/systemd/system/mariadb.service.d/trivet.conf: No space left on device; at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> file bootstrapped none
# Space was made.
> at 5
> target started join
  at 5.000
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
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  write /run/trivet/galera.env (root:root 0600: MYSQLD_OPTS=--wsrep-sst-donor=c2,c3,)
  start mariadb.service
  reports STARTING for 3 {up=yes}
