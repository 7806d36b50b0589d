# The leader orders a bootstrap from what was reported. The disk went away in between: nothing is started.
> present c1 c2 c3
> decided galera.data=c1 c2 c3
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
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  reports STOPPED for 0: at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
> target started bootstrap
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state none
> folder data lost+found
  says galera-bootstrap-refused: galera on c1 was told to bootstrap and did not: what is on its disk is not what it was when it was reported, the decision rests on that.
  reports STOPPED for 6: not bootstrapped: what is on its disk is not what it was when it was reported; nobody can tell how far it is: there are no data files in /var/lib/mysql, where it had its copy; is a disk not mounted? {position=unreadable, why=there are no data files in /var/lib/mysql, where it had its copy; is a disk not mounted?}
