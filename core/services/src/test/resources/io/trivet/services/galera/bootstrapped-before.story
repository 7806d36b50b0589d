# Law 2: an order to bootstrap that this node acted on before, and that comes again when the log is replayed, is not acted on twice.
> begins
  read /etc/mysql/mariadb.conf.d/99-trivet.cnf as config
  read /run/systemd/system/mariadb.service.d/trivet.conf as drop-in
  read /var/lib/trivet/galera.bootstrapped as bootstrapped
> file config none
  write /etc/mysql/mariadb.conf.d/99-trivet.cnf (root:root 0644)
> file drop-in none
  write /run/systemd/system/mariadb.service.d/trivet.conf (root:root 0644)
  run systemctl daemon-reload as units
> file bootstrapped @bootstrapped-99
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
  reports STOPPED for 2: this node bootstrapped for this order before; at 120 {position=known, safe=yes, seqno=120, uuid=2832955d-e6d3-11f1-b417-2ff868496a8c}
