# It is short of disk, then of memory as well: it goes on speaking AMQP and blocks all who publish. Alarms of other nodes are their own.
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
> until 1.0
  at 0.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 1.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
> tool alarms 0 [{{resource_limit,disk,rabbit@c1},[]}]
  reports STARTED for 5: blocks publishers: short of disk {data=member, members=c1 c2 c3, running=c1 c2 c3, short-of=disk, up=yes}
> probe amqp ok port 5672 speaks AMQP
> until 6.0
  at 1.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 2.900
  reports FAILED for 5: hangs: no answer to AMQP on port 5672 for 1.9 s {data=member, hangs=works, members=c1 c2 c3, running=c1 c2 c3, up=yes}
  at 5.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  at 6.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
> probe amqp ok port 5672 speaks AMQP
  reports STARTED for 5: blocks publishers: short of disk {data=member, members=c1 c2 c3, running=c1 c2 c3, short-of=disk, up=yes}
> tool alarms 0 [{{resource_limit,memory,'rabbit@c1'},[]},{{resource_limit,disk,rabbit@c1},[]}]
  reports STARTED for 5: blocks publishers: short of disk and memory {data=member, members=c1 c2 c3, running=c1 c2 c3, short-of=disk memory, up=yes}
> until 11.0
  at 6.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 11.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
> tool alarms 0 [{{resource_limit,disk,rabbit@c2},[]}]
  reports STARTED for 5: sees 3 of 3 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> probe amqp ok port 5672 speaks AMQP
# The tool hangs, or there is none: nothing is known, and it is asked again later.
> until 16.0
  at 11.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 16.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
> probe amqp ok port 5672 speaks AMQP
> tool alarms -1
> until 20.0
  at 16.700
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp ok port 5672 speaks AMQP
