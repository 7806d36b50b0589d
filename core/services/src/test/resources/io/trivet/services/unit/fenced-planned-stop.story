# A planned move: it is stopped while the lease is still held, and reported, before the lease goes.
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> tool fence 0 @fence-fit
> unit volume.service inactive dead success
  reports STOPPED for 0 {may-hold=yes}
> lease held
> target started plain
  start volume.service
  reports STARTING for 2 {may-hold=yes}
> unit volume.service active running success
  reports STARTED for 2 {may-hold=yes}
> at 3.0
> target stopped plain
  at 3.000
  stop volume.service
  reports STOPPING for 3 {may-hold=yes}
> unit volume.service deactivating stop success
> until 60.0
> unit volume.service inactive dead success
  at 60.000
  reports STOPPED for 3 {may-hold=yes}
> lease lost
> until 90.0
