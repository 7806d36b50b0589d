# VIPs in two network namespaces: the second HAProxy has a unit, files and a runtime socket of its own.
> begins
  read /var/lib/trivet/haproxy/haproxy-internal.cfg as config
  read /run/systemd/system/trivet-haproxy-internal.service as unit
> file config none
> file unit none
  write /var/lib/trivet/haproxy/haproxy-internal.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy-internal.cfg.new as check-1
> unit trivet-haproxy-internal.service inactive dead success
  reports STOPPED for 0
> present c1 c2 c3
> target started plain
  reports STARTING for 5
> tool check-1 0
  write /var/lib/trivet/haproxy/haproxy-internal.cfg (root:root 0644)
  write /run/systemd/system/trivet-haproxy-internal.service (root:root 0644)
  run systemctl daemon-reload as units-1
> tool units-1 0
  start trivet-haproxy-internal.service
> unit trivet-haproxy-internal.service active running success
  tell /run/trivet/haproxy-internal.sock: set server keystone/c1 state ready; set server keystone/c2 state ready; set server keystone/c3 state ready; show servers state as talk-1
> haproxy obeys
  reports STARTED for 5
> until 1
  at 0.700
  tell /run/trivet/haproxy-internal.sock: show servers state as talk-2
# Another controller is gone: this HAProxy is told of it on its own socket.
> gone c2
  at 1.000
  tell /run/trivet/haproxy-internal.sock: set server keystone/c2 state maint; shutdown sessions server keystone/c2; show servers state as talk-3
> haproxy obeys
  reports STARTED for 5: keystone 2 of 3
