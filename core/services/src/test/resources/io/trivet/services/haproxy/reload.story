# A changed cluster file: checked, then reloaded without ending connections. Answers right after it may be the old worker's.
> present c1 c2 c3
> decided galera.writer=c1
> inherits plain
> begins
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> file config @show-servers-state.txt
> file unit none
  write /var/lib/trivet/haproxy/haproxy.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy.cfg.new as check-1
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-1
  reports STARTING for 0
> target inherited
  reports STARTING for 6
> haproxy obeys
  reports STARTED for 6: writer c1
> tool check-1 0
  write /var/lib/trivet/haproxy/haproxy.cfg (root:root 0644)
  write /run/systemd/system/trivet-haproxy.service (root:root 0644)
  run systemctl daemon-reload as units-1
> tool units-1 0
  run systemctl reload trivet-haproxy.service as reload
> tool reload 0
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-2
> haproxy obeys
> until 0.2
  at 0.200
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-3
> haproxy obeys
> until 3.0
  at 0.400
  tell /run/trivet/haproxy.sock: set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; set server mariadb/c1 state ready; show servers state as talk-4
  at 1.600
  reports FAILED for 6: hangs: no answer to its runtime socket for 1.4 s {hangs=works}
> haproxy obeys
  at 3.000
  reports STARTED for 6: writer c1
> until 9.0
  at 3.700
  tell /run/trivet/haproxy.sock: show servers state as talk-5
  at 8.700
  reports FAILED for 6: hangs: no answer to its runtime socket for 5.7 s {hangs=works}
