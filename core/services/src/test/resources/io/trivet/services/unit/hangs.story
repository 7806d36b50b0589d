# Keystone is stopped by a signal. The load balancer takes it out at once by the report; it is started anew when that is agreed on, others serve, and it is its turn.
> present c1 c2 c3
> begins
> unit keystone.service active running success
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 0: no answer from http://10.77.0.11:5000/v3 yet
> probe health ok HTTP/1.1 200 OK
  reports STARTED for 0
> target started plain
  reports STARTED for 5
> until 0.7
  at 0.700
  get http://10.77.0.11:5000/v3 as health
> probe health ok HTTP/1.1 200 OK
> peer c2 STARTED
> peer c3 STARTED
> until 2.7
  at 1.400
  get http://10.77.0.11:5000/v3 as health
  at 2.600
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s {hangs=works}
> peer c1 FAILED hangs=works
> cpu keystone.service 3.0
> until 3.2
> cpu keystone.service 3.0
> until 4.3
> cpu keystone.service 3.0
  at 4.300
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s, and it does nothing {hangs=stopped}
> peer c1 FAILED hangs=stopped
# One is being started anew elsewhere: this one waits.
> peer c2 STARTING anew=1
> until 10.0
> cpu keystone.service 3.0
> until 10.7
> probe health failed no answer in time
> until 11.5
  at 11.200
  get http://10.77.0.11:5000/v3 as health
> peer c2 STARTED anew=1
  at 11.500
  stop keystone.service
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s, and it does nothing {anew=1, hangs=stopped}
# Told to end, it is let go on by systemd and answers: that is no recovery.
> probe health ok HTTP 200
> cpu keystone.service 3.0
> until 30.0
  at 17.600
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s, and it does nothing {anew=1, hangs=stopped, hung=15}
  at 21.500
  kill keystone.service
> unit keystone.service deactivating stop-sigterm success
  at 30.000
  reports FAILED for 5: it hung, and is started anew {anew=1}
> unit keystone.service failed failed signal
> until 30.5
  at 30.200
  start keystone.service
> unit keystone.service active running success
  at 30.500
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 5: no answer from http://10.77.0.11:5000/v3 yet {anew=1}
> until 32.0
> probe health ok HTTP/1.1 200 OK
  at 32.000
  reports STARTED for 5: answers slowly {anew=1}
