# The lease is lost: kindly at first, after a second with SIGKILL, and again each second while it hangs.
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> tool fence 0 @fence-fit
> unit volume.service inactive dead success
  reports STOPPED for 0 {may-hold=yes}
> target started plain
  reports STOPPED for 2: c1 does not hold its lease, so it may not run there {may-hold=yes}
> lease held
  start volume.service
  reports STARTING for 2 {may-hold=yes}
> unit volume.service active running success
  reports STARTED for 2 {may-hold=yes}
> at 5.0
> lease lost
  at 5.000
  stop volume.service
  reports STOPPING for 2: silenced by the kernel: c1 does not hold its lease {may-hold=yes}
> until 5.9
> until 7.5
  at 6.000
  kill volume.service
  at 7.000
  kill volume.service
> unit volume.service failed failed signal
  at 7.500
  reports STOPPED for 2: c1 does not hold its lease, so it may not run there {may-hold=yes}
> until 20.0
> lease held
  at 20.000
  start volume.service
  reports STARTING for 2 {may-hold=yes}
> unit volume.service active running success
  reports STARTED for 2 {may-hold=yes}
