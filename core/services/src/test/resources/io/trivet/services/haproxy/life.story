# First start on c1: the files are written and checked before anything runs.
> present c1 c2 c3
> begins
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> file config none
> file unit none
  write /var/lib/trivet/haproxy/haproxy.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy.cfg.new as check-1
> unit trivet-haproxy.service not-found dead success
  reports STOPPED for 0
> target started plain
  reports STARTING for 5
> tool check-1 0
  write /var/lib/trivet/haproxy/haproxy.cfg (root:root 0644)
  write /run/systemd/system/trivet-haproxy.service (root:root 0644)
  run systemctl daemon-reload as units-1
> tool units-1 0
  start trivet-haproxy.service
> unit trivet-haproxy.service inactive dead success
> unit trivet-haproxy.service activating start success
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-1
> haproxy obeys
  reports STARTED for 5: no writer
> until 5.0
  at 0.700
  tell /run/trivet/haproxy.sock: show servers state as talk-2
  at 1.900
  reports FAILED for 5: hangs: no answer to its runtime socket for 1.9 s {hangs=works}
> haproxy obeys
  at 5.000
  reports STARTED for 5: no writer
# The writer is chosen, and later moves: the old one's sessions end before the new one opens.
> at 6.0
> decided galera.writer=c2
  at 6.000
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state ready; show info; show servers state as talk-3
> haproxy obeys
  reports STARTED for 5: writer c2
> decided galera.writer=c3
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state ready; show servers state as talk-4
> haproxy obeys
  reports STARTED for 5: writer c3
# c3 is gone before the replicated state says so. The writer moves with the state.
> at 7.0
> gone c3
  at 7.000
  tell /run/trivet/haproxy.sock: set server keystone/c3 state maint; shutdown sessions server keystone/c3; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; show servers state as talk-5
> haproxy obeys
  reports STARTED for 5: no writer, keystone 2 of 3
> absent c3
> decided galera.writer=c1
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state ready; show servers state as talk-6
> haproxy obeys
  reports STARTED for 5: writer c1, keystone 2 of 3
# It is back: checks decide when it gets requests again.
> at 9.0
> back c3
  at 9.000
  tell /run/trivet/haproxy.sock: show servers state as talk-7
> present c3
  tell /run/trivet/haproxy.sock: set server keystone/c3 state ready; set server keystone/c3 health down; show servers state as talk-8
> haproxy obeys
  reports STARTED for 5: writer c1
# Killed: a start forgets everything, so all of it is set again.
> at 20.0
> unit trivet-haproxy.service failed failed signal
  at 20.000
  reports FAILED for 5: it was killed by a signal
> until 20.2
  at 20.200
  start trivet-haproxy.service
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-9
  reports STARTING for 5: it was killed by a signal
> haproxy restarted
  reports STARTED for 5: writer c1
> at 90.0
# It hangs: killed, which is then the same.
> until 90.1
  at 90.000
  tell /run/trivet/haproxy.sock: show info; show servers state as talk-10
> haproxy error timed out
> until 90.3
  at 90.300
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-11
> haproxy error timed out
> until 90.5
  at 90.500
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-12
> haproxy error timed out
  reports FAILED for 5: no answer on its runtime socket (timed out)
> unit trivet-haproxy.service failed failed signal
  reports FAILED for 5: it was killed by a signal
> until 91.0
  at 90.700
  start trivet-haproxy.service
> unit trivet-haproxy.service active running success
  at 91.000
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-13
  reports STARTING for 5: it was killed by a signal
> haproxy restarted
  reports STARTED for 5: writer c1
> target stopped plain
  stop trivet-haproxy.service
  reports STOPPING for 11
> unit trivet-haproxy.service inactive dead success
  reports STOPPED for 11
