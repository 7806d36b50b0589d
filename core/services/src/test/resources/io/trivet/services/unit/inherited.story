# After a power outage the target from before is no order: the leader gives a new one when its turn has come.
> inherits plain
> begins
> unit memcached.service inactive dead success
  reports STOPPED for 0
> target inherited
  reports STOPPED for 2
> until 20.0
> target started plain
  at 20.000
  start memcached.service
  reports STARTING for 3
> unit memcached.service active running success
  ask memcached on 10.77.0.11:11211 as health
  reports STARTING for 3: no answer from 10.77.0.11:11211 yet
> probe health ok connected
  reports STARTED for 3
