# Law 2: whatever the leader believes, a member that hears another one's Galera does not bootstrap.
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
> target started bootstrap
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  connect to 10.77.0.12:4567 as peer-c2
  connect to 10.77.0.13:4567 as peer-c3
> probe peer-c3 ok connected
  says galera-bootstrap-refused: galera on c1 was told to bootstrap and did not: Galera answers on c3, a second primary component could come of it.
  reports STOPPED for 2: not bootstrapped: Galera answers on c3; at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> probe peer-c2 failed connection refused
