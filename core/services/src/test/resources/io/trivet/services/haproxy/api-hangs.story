# An API hangs on c2 by that controller's word, and is well on c3: c2 gets nothing until it answers again.
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
> peer c3 STARTED of=keystone
> peer c2 FAILED of=keystone hangs=works
  tell /run/trivet/haproxy.sock: set server keystone/c2 state maint; shutdown sessions server keystone/c2; show servers state as talk-2
> haproxy obeys
  reports STARTED for 5: no writer, keystone 2 of 3
# All hang: slow is better than nothing.
> peer c3 FAILED of=keystone hangs=works
  tell /run/trivet/haproxy.sock: set server keystone/c2 state ready; set server keystone/c2 health down; show servers state as talk-3
> haproxy obeys
  reports STARTED for 5: no writer
> peer c2 STARTED of=keystone
  tell /run/trivet/haproxy.sock: set server keystone/c3 state maint; shutdown sessions server keystone/c3; set server keystone/c2 health up; show servers state as talk-4
> haproxy obeys
  reports STARTED for 5: no writer, keystone 2 of 3
# All connections are in use: new ones wait in the kernel, which looks like hanging.
> connections 8192
> until 5.0
  at 0.700
  tell /run/trivet/haproxy.sock: show servers state as talk-5
  at 1.900
  reports FAILED for 5: hangs: no answer to its runtime socket for 1.9 s {hangs=works}
> haproxy obeys
  at 5.000
  reports STARTED for 5: no writer, keystone 2 of 3
> until 6.0
  at 5.700
  tell /run/trivet/haproxy.sock: show info; show servers state as talk-6
> haproxy obeys
  at 6.000
  reports STARTED for 5: no writer, all 8192 connections are in use, keystone 2 of 3
