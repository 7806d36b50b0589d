# Without its drop-in file nothing guards it.
> begins
  write /etc/systemd/system/volume.service.d/60-trivet-fence.conf (root:root 0644)
  run systemctl show volume.service --property=LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type as fence
> unwritable /etc/systemd/system/volume.service.d/60-trivet-fence.conf No space left on device
> unit volume.service inactive dead success
  reports STOPPED for 0: it cannot be silenced: its drop-in file could not be written: No space left on device {may-hold=no}
> target started plain
  reports STOPPED for 2: it cannot be silenced: its drop-in file could not be written: No space left on device {may-hold=no}
