# The kernel made its file system read-only: it speaks AMQP as ever.
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
> disk /var/lib/rabbitmq/mnesia: Read-only file system
> until 1.1
  at 0.700
  ask the broker on 10.77.0.11:5672 as amqp
  at 1.000
  run /usr/bin/env HOME=/var/lib/rabbitmq /usr/bin/erl_call -sname rabbit@c1 -a rabbit_alarm get_alarms [] as alarms
  reports FAILED for 5: cannot write: /var/lib/rabbitmq/mnesia: Read-only file system {data=member, members=c1 c2 c3, running=c1 c2 c3, unwritable=/var/lib/rabbitmq/mnesia: Read-only file system, up=yes}
> probe amqp ok port 5672 speaks AMQP
> until 2.1
  at 1.800
  ask the broker on 10.77.0.11:5672 as amqp
> disk good
> until 3.1
  at 3.000
  reports STARTED for 5: sees 3 of 3 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
