# All are slow, and all work: nobody is started anew for five minutes, and an answer within ten seconds is good.
> present c1 c2 c3
> begins
> unit keystone.service active running success
  get http://10.77.0.11:5000/v3 as health
  reports STARTING for 0: no answer from http://10.77.0.11:5000/v3 yet
> probe health ok HTTP/1.1 200 OK
  reports STARTED for 0
> target started plain
  reports STARTED for 5
> peer c2 FAILED hangs=works
> peer c3 FAILED hangs=works
> until 0.7
  at 0.700
  get http://10.77.0.11:5000/v3 as health
> until 4.0
  at 1.900
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 1.9 s {hangs=works}
> peer c1 FAILED hangs=works
> cpu keystone.service 3.0
> until 6.0
> cpu keystone.service 4.0
> probe health ok HTTP/1.1 200 OK
  at 6.000
  reports STARTED for 5: answers slowly
> until 10.7
  at 6.700
  get http://10.77.0.11:5000/v3 as health
> probe health ok HTTP/1.1 200 OK
> until 11.4
  at 11.400
  get http://10.77.0.11:5000/v3 as health
> until 21.4
  at 16.400
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 5.7 s {hangs=works}
> probe health failed no answer in time
> peer c1 FAILED hangs=works
> cpu keystone.service 5.0
> until 200.0
  at 21.900
  get http://10.77.0.11:5000/v3 as health
  at 31.400
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 5.7 s {hangs=works, hung=15}
  at 76.400
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 5.7 s {hangs=works, hung=60}
> cpu keystone.service 15.0
> until 311.0
  at 310.900
  stop keystone.service
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 5.7 s {anew=1, hangs=works, hung=60}
> cpu keystone.service 25.0
> until 330.0
  at 316.400
  reports FAILED for 5: hangs: no answer to a GET of http://10.77.0.11:5000/v3 for 5.7 s {anew=1, hangs=works, hung=300}
  at 320.900
  kill keystone.service
