# Keystone starts, is killed, comes back, stops answering, is told to stop.
> begins
> unit keystone.service inactive dead success
  reports STOPPED for 0
> target started plain
  start keystone.service
  reports STARTING for 2
> unit keystone.service activating start success
> unit keystone.service active running success
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 2: no answer from http://10.77.0.11:5000/v3 yet
> at 0.5
> probe health failed connection refused
  at 0.500
  reports STARTING for 2: no good answer from http://10.77.0.11:5000/v3 (connection refused)
> until 1.0
  at 1.000
  get http://10.77.0.11:5000/v3 as health
> probe health ok HTTP/1.1 200 OK
  reports STARTED for 2
> until 6.0
  at 1.700
  get http://10.77.0.11:5000/v3 as health
  at 3.450
  reports FAILED for 2: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 2.4 s {hangs=works}
> probe health failed HTTP/1.1 404 Not Found
  at 6.000
  reports STARTED for 2: answers slowly
> at 8.0
# Killed: known from systemd at once, started again after 0.2 s.
> unit keystone.service failed failed signal
  at 8.000
  reports FAILED for 2: it was killed by a signal
> until 8.2
  at 8.200
  start keystone.service
> unit keystone.service activating start success
  reports STARTING for 2
> unit keystone.service failed failed exit-code
  reports FAILED for 2: it exited with an error
> until 9.2
  at 9.200
  start keystone.service
> unit keystone.service active running success
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 2: no answer from http://10.77.0.11:5000/v3 yet
> probe health ok HTTP/1.1 300 Multiple Choices
  reports STARTED for 2
> until 80.0
  at 9.900
  get http://10.77.0.11:5000/v3 as health
  at 11.100
  reports FAILED for 2: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s {hangs=works}
  at 26.100
  reports FAILED for 2: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s {hangs=works, hung=15}
  at 71.100
  reports FAILED for 2: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s {hangs=works, hung=60}
> probe health failed timed out
  at 80.000
  reports FAILED for 2: no good answer from http://10.77.0.11:5000/v3 (timed out) {hangs=works, hung=60}
> until 80.5
  at 80.500
  get http://10.77.0.11:5000/v3 as health
> probe health failed HTTP/1.1 503 Service Unavailable
  reports FAILED for 2: no good answer from http://10.77.0.11:5000/v3 (HTTP/1.1 503 Service Unavailable)
> until 81.0
  at 81.000
  get http://10.77.0.11:5000/v3 as health
# Three failures: of no use, but an answer of 503 is no reason for a restart.
> probe health failed HTTP/1.1 503 Service Unavailable
> until 81.5
  at 81.500
  get http://10.77.0.11:5000/v3 as health
> probe health failed timed out
  reports FAILED for 2: no good answer from http://10.77.0.11:5000/v3 (timed out) {hangs=works}
> until 112.0
  at 82.000
  get http://10.77.0.11:5000/v3 as health
  at 96.500
  reports FAILED for 2: no good answer from http://10.77.0.11:5000/v3 (timed out) {hangs=works, hung=15}
> probe health failed timed out
> unit keystone.service deactivating stop success
  at 112.000
  reports FAILED for 2: timed out
> unit keystone.service inactive dead success
  reports FAILED for 2: it ended
> until 114.0
  at 112.200
  start keystone.service
> unit keystone.service active running success
  at 114.000
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 2: no answer from http://10.77.0.11:5000/v3 yet
> probe health ok HTTP/1.1 200 OK
  reports STARTED for 2
> target stopped plain
  stop keystone.service
  reports STOPPING for 3
> unit keystone.service deactivating stop success
> unit keystone.service inactive dead success
  reports STOPPED for 3
