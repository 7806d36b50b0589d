# A daemon that comes back while its unit runs: without the lease it is stopped; where it may run outside its slice it holds no lease before it was down.
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> tool fence 0 @fence-fit
> unit volume.service active running success
  stop volume.service
  reports STOPPING for 0: silenced by the kernel: c1 does not hold its lease {may-hold=no}
> until 0.5
> unit volume.service deactivating stop success
  at 0.500
  reports STOPPING for 0 {may-hold=no}
> unit volume.service inactive dead success
  reports STOPPED for 0 {may-hold=yes}
> until 3.0
