# What cannot be silenced never gets the lease.
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> tool fence 0 @fence-unfit
> unit volume.service inactive dead success
  reports STOPPED for 0: it cannot be silenced: it runs in a network namespace of its own (PrivateNetwork, NetworkNamespacePath), where nothing guards it {may-hold=no}
> target started plain
  reports STOPPED for 2: it cannot be silenced: it runs in a network namespace of its own (PrivateNetwork, NetworkNamespacePath), where nothing guards it {may-hold=no}
> until 5.0
