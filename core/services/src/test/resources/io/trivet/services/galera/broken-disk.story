# What cannot be read, or does not answer, is not taken for nothing.
> present c1 c2 c3
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
> file state unreadable cannot read /var/lib/mysql/grastate.dat: Input/output error
> folder data ibdata1,mysql
  reports STOPPED for 0: nobody can tell how far it is: cannot read /var/lib/mysql/grastate.dat: Input/output error {position=unreadable, why=cannot read /var/lib/mysql/grastate.dat: Input/output error}
> until 11.0
  at 10.000
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state none
> folder data unreadable cannot read /var/lib/mysql: permission denied
  at 11.000
  reports STOPPED for 0: nobody can tell how far it is: cannot read /var/lib/mysql: permission denied {position=unreadable, why=cannot read /var/lib/mysql: permission denied}
# The disk answers nothing for 20 s.
> until 45.0
  at 21.000
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  at 41.000
  reports STOPPED for 0: nobody can tell how far it is: the disk under /var/lib/mysql does not answer {position=unreadable, why=the disk under /var/lib/mysql does not answer}
# grastate.dat is there, and nothing else.
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
