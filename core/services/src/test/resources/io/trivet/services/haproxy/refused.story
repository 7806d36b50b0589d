# A configuration that HAProxy refuses changes nothing (law 5): what runs goes on.
> present c1 c2 c3
> inherits plain
> begins
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> file config @show-servers-state.txt
> file unit none
  write /var/lib/trivet/haproxy/haproxy.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy.cfg.new as check-1
> unit trivet-haproxy.service active running success
  tell /run/trivet/haproxy.sock: set server mariadb/c1 state maint; shutdown sessions server mariadb/c1; set server mariadb/c2 state maint; shutdown sessions server mariadb/c2; set server mariadb/c3 state maint; shutdown sessions server mariadb/c3; set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-1
  reports STARTING for 0
> target inherited
  reports STARTING for 5
> haproxy obeys
  reports STARTED for 5: no writer
> tool check-1 1 - [ALERT] (12) : config : parsing [haproxy.cfg.new:7] : unknown keyword
  says haproxy-config-refused: HAProxy refuses the configuration: [ALERT] (12) : config : parsing [haproxy.cfg.new:7] : unknown keyword. The running one goes on as it was.
> until 6.0
  at 0.700
  tell /run/trivet/haproxy.sock: show servers state as talk-2
  at 1.900
  reports FAILED for 5: hangs: no answer to its runtime socket for 1.9 s {hangs=works}
