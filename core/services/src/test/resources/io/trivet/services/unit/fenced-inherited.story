# The daemon was away and the unit ran on under its lease: it is left alone. One that is down waits for a new target.
> inherits plain
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> tool fence 0 @fence-fit
> lease held
> target inherited
> unit volume.service active running success
  reports STARTED for 2 {may-hold=yes}
> until 5.0
> unit volume.service failed failed signal
  at 5.000
  reports STOPPED for 2 {may-hold=yes}
> until 20.0
> target started plain
  at 20.000
  start volume.service
  reports STARTING for 3 {may-hold=yes}
> unit volume.service active running success
  reports STARTED for 3 {may-hold=yes}
