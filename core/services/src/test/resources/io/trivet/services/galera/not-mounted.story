# Power comes back without the disk of the database: the folder under it is empty. Nobody takes that for a member
# that never had data; when an operator mounts the disk, it is seen.
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
> file state none
> folder data lost+found
  reports STOPPED for 0: nobody can tell how far it is: there are no data files in /var/lib/mysql, where it had its copy; is a disk not mounted? {position=unreadable, why=there are no data files in /var/lib/mysql, where it had its copy; is a disk not mounted?}
# The same where the folder is that of the package.
> until 11.0
  at 10.000
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state none
> folder data ibdata1,mysql
  at 11.000
  run /usr/sbin/mariadbd --user=mysql --wsrep-recover --disable-log-error as recover
  reports STOPPED for 0
> tool recover 0 - WSREP: Recovered position: 00000000-0000-0000-0000-000000000000:-1
  reports STOPPED for 0: nobody can tell how far it is: /var/lib/mysql is that of a fresh installation, where it had its copy; is a disk not mounted? {position=unreadable, why=/var/lib/mysql is that of a fresh installation, where it had its copy; is a disk not mounted?}
# It is mounted.
> until 22.0
  at 21.000
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state @grastate-stopped.dat
> folder data ibdata1,mysql
  at 22.000
  reports STOPPED for 0: at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
