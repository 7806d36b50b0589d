# The cluster file changes while the files of the one before are being put in place: what was asked about those means nothing any more.
> present c1 c2 c3
> begins
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> file config none
> file unit none
  write /var/lib/trivet/haproxy/haproxy.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy.cfg.new as check-1
> unit trivet-haproxy.service inactive dead success
  reports STOPPED for 0
> tool check-1 0
  write /var/lib/trivet/haproxy/haproxy.cfg (root:root 0644)
  write /run/systemd/system/trivet-haproxy.service (root:root 0644)
  run systemctl daemon-reload as units-1
> takes over
  read /var/lib/trivet/haproxy/haproxy.cfg as config
  read /run/systemd/system/trivet-haproxy.service as unit
> tool units-1 0
> file config none
> file unit none
  write /var/lib/trivet/haproxy/haproxy.cfg.new (root:root 0644)
  run /usr/sbin/haproxy -c -q -f /var/lib/trivet/haproxy/haproxy.cfg.new as check-2
> tool check-2 0
  write /var/lib/trivet/haproxy/haproxy.cfg (root:root 0644)
  write /run/systemd/system/trivet-haproxy.service (root:root 0644)
  run systemctl daemon-reload as units-2
> tool check-1 0
> tool units-2 0
> target started plain
  start trivet-haproxy.service
  reports STARTING for 5
