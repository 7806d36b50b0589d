# The first start broke off while MariaDB made its files: Galera noted that there is no copy, and that nobody may bootstrap from it.
> begins
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> tool units 0
> file bootstrapped none
> unit mariadb.service inactive dead success
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 0
> file state @grastate-copying.dat
> folder data ibdata1,mysql
  reports STOPPED for 0: no complete copy {position=incomplete}
> target started bootstrap
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-copying.dat
> folder data ibdata1,mysql
  connect to 10.77.0.12:4567 as peer-c2
  connect to 10.77.0.13:4567 as peer-c3
> probe peer-c2 failed connection refused
> probe peer-c3 failed connection refused
  write /var/lib/trivet/galera.bootstrapped (root:root 0600: 2 | test at 0)
  write /var/lib/mysql/grastate.dat (mysql:mysql 0660: # GALERA saved state | version: 2.1 | uuid:    00000000-0000-0000-0000-000000000000 | seqno:   -1 | safe_to_bootstrap: 1)
  write /run/trivet/galera.env (root:root 0600: _WSREP_NEW_CLUSTER=--wsrep-new-cluster)
  start mariadb.service
  reports STARTING for 2 {up=yes}
