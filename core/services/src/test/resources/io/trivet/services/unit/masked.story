# Masked by somebody: said as it is, and tried again with growing pauses.
> begins
> unit memcached.service inactive dead success
  reports STOPPED for 0
> target started plain
  start memcached.service
  reports STARTING for 2
> unit memcached.service failed refused memcached.service is masked
  reports FAILED for 2: memcached.service is masked
> until 0.5
  at 0.200
  start memcached.service
> unit memcached.service failed refused memcached.service is masked
> until 2.0
  at 1.500
  start memcached.service
> unit memcached.service active running success
  at 2.000
  ask memcached on 10.77.0.11:11211 as health
  reports STARTING for 2: no answer from 10.77.0.11:11211 yet
> probe health ok VERSION 1.6.18
  reports STARTED for 2
> until 3.0
  at 2.700
  ask memcached on 10.77.0.11:11211 as health
> until 4.9
  at 3.900
  reports FAILED for 2: hangs: no answer to memcached's version on 10.77.0.11:11211 for 1.9 s {hangs=works}
