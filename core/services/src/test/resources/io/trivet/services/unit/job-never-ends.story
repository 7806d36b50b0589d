# systemd takes the order, and its job waits for another one that never ends.
> begins
> unit memcached.service inactive dead success
  reports STOPPED for 0
> target started plain
  start memcached.service
  reports STARTING for 2
> until 64
  at 5.000
  start memcached.service
  at 10.000
  start memcached.service
  at 15.000
  start memcached.service
  at 20.000
  start memcached.service
  at 25.000
  start memcached.service
  at 30.000
  start memcached.service
  at 35.000
  start memcached.service
  at 40.000
  start memcached.service
  at 45.000
  start memcached.service
  at 50.000
  start memcached.service
  at 55.000
  start memcached.service
  at 60.000
  start memcached.service
  reports STARTING for 2: systemd does not get on with its start: see systemctl list-jobs, systemctl status memcached.service
> unit memcached.service activating start-pre success
> until 200
> unit memcached.service active running success
  at 200.000
  ask memcached on 10.77.0.11:11211 as health
  reports STARTING for 2: no answer from 10.77.0.11:11211 yet
