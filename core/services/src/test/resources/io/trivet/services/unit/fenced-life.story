# Not before it holds the lease, whatever the target says; then as any unit.
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> tool fence 0 @fence-fit
> unit volume.service inactive dead success
  reports STOPPED for 0 {may-hold=yes}
> target started plain
  reports STOPPED for 2: c1 does not hold its lease, so it may not run there {may-hold=yes}
> at 1.0
> lease held
  at 1.000
  start volume.service
  reports STARTING for 2 {may-hold=yes}
> unit volume.service activating start success
> unit volume.service active running success
  reports STARTED for 2 {may-hold=yes}
> until 30.0
