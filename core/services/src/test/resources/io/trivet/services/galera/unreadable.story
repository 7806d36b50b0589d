# A damaged state file and no position in the log: it says so and offers nothing.
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
> file state @none.tsv
> folder data ibdata1,mysql
  run /usr/sbin/mariadbd --user=mysql --wsrep-recover --disable-log-error as recover
> tool recover 1 - mariadbd: cannot open the tablespace
  reports STOPPED for 0: nobody can tell how far it is: mariadbd --wsrep-recover tells no position and ended with 1 {position=unreadable, why=mariadbd --wsrep-recover tells no position and ended with 1}
