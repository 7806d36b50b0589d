# The holder of the VIP is gone: connections of this controller to the VIP lead nowhere and are ended, once.
> present c1 c2 c3
> holder c3
> begins
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> file config none
> file unit none
  write /var/lib/trivet/haproxy/haproxy.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy.cfg.new as check-1
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-1
  reports STARTING for 0
> haproxy obeys
  reports STARTED for 0: no writer
# A planned move: the old holder ends its connections itself.
> at 1.0
> holder c2
  at 1.000
  tell /run/trivet/haproxy.sock: show servers state as talk-2
> at 10.0
# First gone, then the heir is written down as holder.
> absent c2
  at 10.000
  tell /run/trivet/haproxy.sock: set server keystone/c2 state maint; shutdown sessions server keystone/c2; show info; show servers state as talk-3
> gone c2
  end connections with 10.77.0.100 fd77::100
> haproxy obeys
  reports STARTED for 0: no writer, keystone 2 of 3
> holder c3
# First the heir is written down, then the old holder is known to be gone.
> at 20.0
> present c2
  at 20.000
  tell /run/trivet/haproxy.sock: set server keystone/c2 state ready; set server keystone/c2 health down; show info; show servers state as talk-4
> back c2
> haproxy obeys
  reports STARTED for 0: no writer
> holder c1
> at 20.2
> absent c3
  at 20.200
  tell /run/trivet/haproxy.sock: set server keystone/c3 state maint; shutdown sessions server keystone/c3; show servers state as talk-5
> gone c3
  end connections with 10.77.0.100 fd77::100
> haproxy obeys
  reports STARTED for 0: no writer, keystone 2 of 3
# And again, by the state alone.
> at 30.0
> holder c2
  at 30.000
  tell /run/trivet/haproxy.sock: show info; show servers state as talk-6
> absent c2
  tell /run/trivet/haproxy.sock: set server keystone/c2 state maint; shutdown sessions server keystone/c2; show servers state as talk-7
> holder c1
  end connections with 10.77.0.100 fd77::100
