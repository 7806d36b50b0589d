# A controller that is back gets its API back at once, if its own controller says that the API is well; else its checks decide until it does.
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
> peer c2 STARTED of=keystone
> absent c2
  tell /run/trivet/haproxy.sock: set server keystone/c2 state maint; shutdown sessions server keystone/c2; show servers state as talk-2
> gone c2
> haproxy obeys
  reports STARTED for 5: no writer, keystone 2 of 3
> present c2
> back c2
  tell /run/trivet/haproxy.sock: set server keystone/c2 state ready; set server keystone/c2 health down; show servers state as talk-3
> haproxy obeys
  reports STARTED for 5: no writer
> peer c2 STARTING of=keystone
> peer c2 STARTED of=keystone
  tell /run/trivet/haproxy.sock: set server keystone/c2 health up; show servers state as talk-4
> haproxy obeys
# It hung, and answers again.
> peer c3 STARTED of=keystone
> peer c2 FAILED of=keystone hangs=works
  tell /run/trivet/haproxy.sock: set server keystone/c2 state maint; shutdown sessions server keystone/c2; show servers state as talk-5
> haproxy obeys
  reports STARTED for 5: no writer, keystone 2 of 3
> peer c2 STARTED of=keystone
  tell /run/trivet/haproxy.sock: set server keystone/c2 state ready; show servers state as talk-6
> haproxy obeys
  reports STARTED for 5: no writer
