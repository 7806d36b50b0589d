# Running, c3 is gone, later this one is cut off itself and pauses.
> present c1 c2 c3
> inherits join
> begins
  read /etc/rabbitmq/rabbitmq.conf as config
  read /etc/rabbitmq/rabbitmq-env.conf as environment
  read /etc/rabbitmq/trivet-definitions.json as definitions
  read /run/systemd/system/rabbitmq-server.service.d/trivet.conf as drop-in
> file config none
  write /etc/rabbitmq/rabbitmq.conf (root:root 0644)
> file environment none
  write /etc/rabbitmq/rabbitmq-env.conf (root:root 0644: # Written by Trivet; changes here are overwritten. | NODENAME=rabbit@c1)
> file definitions none
  write /etc/rabbitmq/trivet-definitions.json (root:root 0644)
> file drop-in none
  write /run/systemd/system/rabbitmq-server.service.d/trivet.conf (root:root 0644: # Written by Trivet; changes here are overwritten. | [Unit] | StartLimitIntervalSec=0 |  | [Service] | Restart=no | # A node may wait five minutes for another one's tables, and says so in its log. | TimeoutStartSec=900)
  run systemctl daemon-reload as units
> tool units 0
> unit rabbitmq-server.service active running success
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  ask the broker on 10.77.0.11:5672 as amqp
> target inherited
> probe amqp ok connected
  reports STARTING for 5 {up=yes}
> file members @cluster_nodes.config
> file running @running-three
  reports STARTED for 5: sees 3 of 3 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> at 1.0
> gone c3
  at 1.000
  ask the broker on 10.77.0.13:5672 as gone-c3
  ask the broker on 10.77.0.11:5672 as amqp
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
> probe gone-c3 failed connect timed out
  end connections with 10.77.0.13, only of ports 5672 and 25672
> probe amqp ok connected
> until 1.5
  at 1.500
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
> file members @cluster_nodes.config
> file running @running-two
  reports STARTED for 5: sees 2 of 3 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> until 3.0
  at 1.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 2.900
  reports FAILED for 5: hangs: no answer to AMQP on port 5672 for 1.9 s {data=member, hangs=works, members=c1 c2 c3, running=c1 c2, up=yes}
> probe amqp failed connection refused
  at 3.000
  reports STARTED for 5: sees 2 of 3 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> until 3.5
  at 3.500
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp failed connection refused
> until 4.0
  at 4.000
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp failed connection refused
  reports FAILED for 5: it accepts no AMQP connections (connection refused) {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> until 5.0
  at 4.700
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp failed connection refused
> until 6.0
  at 5.700
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp ok connected
  at 6.000
  reports STARTED for 5: sees 2 of 3 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> target started rejoin
  stop rabbitmq-server.service
  reports STOPPING for 5 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> unit rabbitmq-server.service deactivating stop success
> unit rabbitmq-server.service inactive dead success
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
  reports STOPPED for 5
> file members @cluster_nodes.config
> file running @running-two
> folder data none
> folder nodes none
  start rabbitmq-server.service
  reports STARTING for 6 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
