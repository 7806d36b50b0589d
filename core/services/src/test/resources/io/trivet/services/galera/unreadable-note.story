# A note of the last bootstrap that cannot be read forbids one only as long as that is so: it is read again for the next order.
> begins
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> file bootstrapped unreadable cannot read /var/lib/trivet/galera.bootstrapped: Input/output error
> tool units 0
> unit mariadb.service inactive dead success
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 0
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  reports STOPPED for 0: at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> target started bootstrap
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> tool units 0
> file bootstrapped unreadable cannot read /var/lib/trivet/galera.bootstrapped: Input/output error
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  reports STOPPED for 2: not bootstrapped: nobody can tell whether it did so for this order, as /var/lib/trivet/galera.bootstrapped cannot be read; remove it if no other member runs; at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> target started bootstrap
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
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  connect to 10.77.0.12:4567 as peer-c2
  connect to 10.77.0.13:4567 as peer-c3
> probe peer-c2 failed connection refused
> probe peer-c3 failed connection refused
  write /var/lib/trivet/galera.bootstrapped (root:root 0600: 3 | test at 0)
  write /var/lib/mysql/grastate.dat (mysql:mysql 0660: # GALERA saved state | version: 2.1 | uuid:    2832955d-e6d3-11f1-b417-2ff868496a8c | seqno:   120 | safe_to_bootstrap: 1)
  write /run/trivet/galera.env (root:root 0600: _WSREP_NEW_CLUSTER=--wsrep-new-cluster)
  start mariadb.service
  reports STARTING for 3 {up=yes}
