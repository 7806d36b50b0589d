# The kernel takes connections for it, and nobody speaks: its clients wait until it is killed.
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
> until 0.7
  at 0.700
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp ok port 5672 speaks AMQP
> until 2.7
  at 1.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
  at 1.400
  ask the broker on 10.77.0.11:5672 as amqp
  at 2.600
  reports FAILED for 5: hangs: no answer to AMQP on port 5672 for 1.9 s {data=member, hangs=works, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> cpu rabbitmq-server.service 9.0
> until 3.2
> cpu rabbitmq-server.service 9.0
> until 3.7
> cpu rabbitmq-server.service 9.0
  at 3.700
  reports FAILED for 5: hangs: no answer to AMQP on port 5672 for 1.9 s, and it does nothing {data=member, hangs=stopped, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> target started rejoin
  kill rabbitmq-server.service
  reports STOPPING for 5 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> unit rabbitmq-server.service failed failed signal
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
# Masked meanwhile: said as it is.
> unit rabbitmq-server.service failed refused rabbitmq-server.service is masked
  reports STOPPED for 6: rabbitmq-server.service is masked {data=member, members=c1 c2 c3, running=c1 c2}
