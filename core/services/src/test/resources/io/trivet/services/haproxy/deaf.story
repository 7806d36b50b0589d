# Somebody removed its runtime socket: it may serve well and cannot be asked. Where another one serves, it is killed once the VIP has left; else later, one controller after the other.
> present c1 c2 c3
> inherits plain
> begins
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> file config @haproxy.cfg
> file unit @trivet-haproxy.service
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-1
  reports STARTING for 0
> target inherited
  reports STARTING for 5
> haproxy obeys
  reports STARTED for 5: no writer
> until 0.7
  at 0.700
  tell /run/trivet/haproxy.sock: show servers state as talk-2
> haproxy obeys
> peer c2 STARTED
> until 1.4
  at 1.400
  tell /run/trivet/haproxy.sock: show servers state as talk-3
> haproxy error No such file or directory
> until 1.6
  at 1.600
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-4
> haproxy error No such file or directory
> until 1.8
  at 1.800
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-5
> haproxy error No such file or directory
  reports FAILED for 5: no answer on its runtime socket (No such file or directory)
> until 2.0
  at 2.000
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-6
> haproxy error No such file or directory
> until 3.2
  at 2.200
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-7
  at 3.100
  kill trivet-haproxy.service
> haproxy error No such file or directory
> until 3.4
  at 3.400
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-8
> unit trivet-haproxy.service failed failed signal
  reports FAILED for 5: it was killed by a signal
