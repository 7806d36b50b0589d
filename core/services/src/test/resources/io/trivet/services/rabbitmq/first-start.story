# The very first node, where no other one answers.
> present c1 c2 c3
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
> unit rabbitmq-server.service inactive dead success
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
  reports STOPPED for 0
> file members none
> file running none
> folder data none
> folder nodes none
  reports STOPPED for 0 {data=none}
> target started bootstrap
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data none
> folder nodes none
  connect to 10.77.0.12:25672 as peer-c2
  connect to 10.77.0.13:25672 as peer-c3
> probe peer-c2 failed connection refused
> probe peer-c3 failed connection refused
  start rabbitmq-server.service
  reports STARTING for 5 {data=none, up=yes}
> unit rabbitmq-server.service activating start success
> at 9.0
> unit rabbitmq-server.service active running success
  at 9.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp failed connection refused
> file members @cluster_nodes_alone.config
> file running @running-alone
  reports STARTING for 5 {data=member, members=c1, running=c1, up=yes}
> until 9.5
  at 9.500
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp ok connected
  reports STARTED for 5: alone in its cluster {data=member, members=c1, running=c1, up=yes}
> until 14.0
  at 10.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
  at 10.200
  ask the broker on 10.77.0.11:5672 as amqp
  at 11.400
  reports FAILED for 5: hangs: no answer to AMQP on port 5672 for 1.9 s {data=member, hangs=works, members=c1, running=c1, up=yes}
  at 14.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
> probe amqp ok connected
  reports STARTED for 5: alone in its cluster {data=member, members=c1, running=c1, up=yes}
> file members @cluster_nodes.config
> file running @running-three
  reports STARTED for 5: sees 3 of 3 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
