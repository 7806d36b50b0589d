# Its disk was replaced, or unmounted, between the report and the order: nothing starts, and what is there now is reported. The next order is about that.
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
> folder data schema.DAT
> folder nodes rabbit@c1
  reports STOPPED for 0 {data=member, members=c1 c2 c3, running=c1 c2 c3}
> target started join
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data none
> folder nodes none
  reports STOPPED for 5: not started: what is on its disk is not what it was when it was reported {data=none}
> target started join
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data none
> folder nodes none
  start rabbitmq-server.service
  reports STARTING for 6 {data=none, up=yes}
# A disk that does not answer is one of which nobody can tell.
> unit rabbitmq-server.service active running success
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  ask the broker on 10.77.0.11:5672 as amqp
> unit rabbitmq-server.service inactive dead success
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
  reports STOPPED for 6: it ended
> until 25.0
  at 20.000
  reports STOPPED for 6: it ended; nobody can tell what it has: its disk does not answer {data=unreadable, why=its disk does not answer}
> until 50.0
  at 40.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members @cluster_nodes.config
> file running @running-three
> folder data schema.DAT
> folder nodes rabbit@c1
  at 50.000
  reports STOPPED for 6: it ended {data=member, members=c1 c2 c3, running=c1 c2 c3}
