> begins
> unit memcached.service not-found dead success
  reports FAILED for 0: no unit memcached.service is installed on c1
> target started plain
  reports FAILED for 2: no unit memcached.service is installed on c1
> until 30.0
