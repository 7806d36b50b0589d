# A false alarm: the daemon on c3 is not heard for a moment, or starts anew, and its broker serves as before.
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
> probe gone-c3 ok port 5672 speaks AMQP
> until 1.9
> probe amqp ok connected
> at 2.2
> back c3
> until 2.5
> probe amqp ok connected
> file members @cluster_nodes.config
> file running @running-three
# Again, and for longer: it is asked until it is back, or does not speak any more.
> at 20.0
> gone c3
  at 20.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  ask the broker on 10.77.0.13:5672 as gone-c3
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp ok connected
> probe gone-c3 ok port 5672 speaks AMQP
> until 24.0
  at 20.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 23.456
  reports FAILED for 5: hangs: no answer to AMQP on port 5672 for 3.4 s {data=member, hangs=works, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> probe amqp ok connected
  at 24.000
  reports STARTED for 5: sees 3 of 3 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> until 25.0
  at 24.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 25.000
  ask the broker on 10.77.0.13:5672 as gone-c3
> probe gone-c3 failed connect timed out
  end connections with 10.77.0.13, only of ports 5672 and 25672
> probe amqp ok connected
> until 26.0
  at 25.700
  ask the broker on 10.77.0.11:5672 as amqp
