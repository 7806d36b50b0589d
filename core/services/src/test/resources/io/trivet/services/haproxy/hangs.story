# Stopped by a signal: it takes connections and never answers. The VIP leaves with the report, then it is killed and started again.
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
> until 5.0
  at 1.400
  tell /run/trivet/haproxy.sock: show servers state as talk-3
  at 2.600
  reports FAILED for 5: hangs: no answer to its runtime socket for 1.9 s {hangs=works}
  at 3.900
  kill trivet-haproxy.service
> unit trivet-haproxy.service failed failed signal
  at 5.000
  reports FAILED for 5: it was killed by a signal
> until 5.2
  at 5.200
  start trivet-haproxy.service
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-4
  reports STARTING for 5: it was killed by a signal
> haproxy restarted
  reports STARTED for 5: no writer
# Slow for once, and back with the answer.
> until 8.0
  at 5.900
  tell /run/trivet/haproxy.sock: show servers state as talk-5
  at 7.100
  reports FAILED for 5: hangs: no answer to its runtime socket for 1.9 s {hangs=works}
> haproxy obeys
  at 8.000
  reports STARTED for 5: no writer
> until 9.0
  at 8.700
  tell /run/trivet/haproxy.sock: show servers state as talk-6
> haproxy obeys
# Where no other one serves, it is given more time: perhaps only its runtime socket hangs.
> peer c2 FAILED
> until 9.7
  at 9.700
  tell /run/trivet/haproxy.sock: show servers state as talk-7
> until 30.0
  at 14.700
  reports FAILED for 5: hangs: no answer to its runtime socket for 5.7 s {hangs=works}
  at 25.000
  kill trivet-haproxy.service
  at 30.000
  kill trivet-haproxy.service
  reports FAILED for 5: hangs: no answer to its runtime socket for 5.7 s {hangs=works, hung=15}
