# A view that changed spoiled the transfer of its state: the unit stays "activating", and nothing happens any more.
> present c1 c2 c3
> peer c2 STARTED up=yes state=Synced primary=yes
> peer c3 STARTED up=yes state=Donor/Desynced primary=yes
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
> file state none
> folder data none
  reports STOPPED for 0: nobody can tell how far it is: there are no data files in /var/lib/mysql, not even those of a fresh installation; is a disk not mounted? {position=unreadable, why=there are no data files in /var/lib/mysql, not even those of a fresh installation; is a disk not mounted?}
> target started join
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
> file state none
> folder data none
  write /run/trivet/galera.env (root:root 0600: MYSQLD_OPTS=--wsrep-sst-donor=c2,c3,)
  start mariadb.service
  reports STARTING for 7 {up=yes}
> unit mariadb.service activating start success
# Another member is a donor: it may prepare a copy for long.
> cpu mariadb.service 1.0
> until 300
> cpu mariadb.service 1.0
# The donor is done, and processor time is used: a copy that gets on is not interrupted.
> peer c3 STARTED up=yes state=Synced primary=yes
> until 340
> cpu mariadb.service 20.0
> until 380
> cpu mariadb.service 40.0
# Nothing any more.
> until 420
> cpu mariadb.service 40.2
> until 445
  at 440.000
  says galera-join-stuck: galera on c1 was starting without any progress for 60 s; it is stopped and joins anew.
  stop mariadb.service
  reports STOPPING for 7 {up=yes}
> unit mariadb.service inactive dead success
  at 445.000
  read /var/lib/mysql/grastate.dat as state
  list /var/lib/mysql as data
  reports STOPPED for 7
> file state none
> folder data none
  reports STOPPED for 7: nobody can tell how far it is: there are no data files in /var/lib/mysql, not even those of a fresh installation; is a disk not mounted? {position=unreadable, why=there are no data files in /var/lib/mysql, not even those of a fresh installation; is a disk not mounted?}
