# c1 died before c3, which does not come back: c1 waits for its tables until an operator accepts the loss.
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
> file members @cluster_nodes.config
> file running @running-three
> folder data none
> folder nodes none
  reports STOPPED for 0 {data=member, members=c1 c2 c3, running=c1 c2 c3}
> target started join
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members @cluster_nodes.config
> file running @running-three
> folder data none
> folder nodes none
  start rabbitmq-server.service
  reports STARTING for 5 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes}
> absent c3
> unit rabbitmq-server.service activating start success
> until 40.0
  at 30.000
  reports STARTING for 5: it waits for the data of c3: bring it back, or, only if that cannot be, give it up: trivet resource accept-loss rabbitmq --node c1 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes, waits=c3}
> target started forced
  at 40.000
  kill rabbitmq-server.service
  reports STOPPING for 5 {data=member, members=c1 c2 c3, running=c1 c2 c3, up=yes, waits=c3}
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
  run /usr/sbin/rabbitmqctl force_boot as force
  reports STOPPED for 5: rabbitmqctl force_boot is at work {data=member, members=c1 c2 c3, running=c1 c2}
> tool force 0
  start rabbitmq-server.service
  reports STARTING for 7 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> unit rabbitmq-server.service activating start success
> at 55.0
> unit rabbitmq-server.service active running success
  at 55.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  ask the broker on 10.77.0.11:5672 as amqp
> probe amqp ok connected
  reports STARTED for 7: sees 2 of 3 {data=member, members=c1 c2 c3, running=c1 c2, up=yes}
> file members @cluster_nodes.config
> file running @running-two
