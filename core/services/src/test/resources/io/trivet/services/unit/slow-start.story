# A start on a busy machine: it works, so it is let work, however long nobody listens. Then it does nothing for a minute, and has failed.
> present c1 c2 c3
> begins
> unit keystone.service inactive dead success
  reports STOPPED for 0
> target started plain
  start keystone.service
  reports STARTING for 5
> unit keystone.service active running success
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 5: no answer from http://10.77.0.11:5000/v3 yet
> probe health failed connection refused
  reports STARTING for 5: no good answer from http://10.77.0.11:5000/v3 (connection refused)
> cpu keystone.service 0.1
> until 50.0
  at 0.500
  get http://10.77.0.11:5000/v3 as health
> probe health failed connection refused
> cpu keystone.service 20.0
> until 100.0
  at 50.500
  get http://10.77.0.11:5000/v3 as health
> cpu keystone.service 40.0
> probe health failed connection refused
> until 101.0
  at 100.500
  get http://10.77.0.11:5000/v3 as health
> cpu keystone.service 40.0
> until 105.2
> cpu keystone.service 40.0
> until 106.0
> cpu keystone.service 40.0
> until 170.0
> cpu keystone.service 40.0
  at 170.000
  reports FAILED for 5: no good answer from http://10.77.0.11:5000/v3 (connection refused) {hangs=stopped, hung=60}
> probe health failed connection refused
> until 166.0
