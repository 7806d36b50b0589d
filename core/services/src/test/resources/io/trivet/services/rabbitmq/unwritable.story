# The disk is full: nothing starts with settings that are not in place, and each new order tries again.
> begins
  read /etc/rabbitmq/rabbitmq.conf as config
  read /etc/rabbitmq/rabbitmq-env.conf as environment
  read /etc/rabbitmq/trivet-definitions.json as definitions
  read /run/systemd/system/rabbitmq-server.service.d/trivet.conf as drop-in
> file config none
  write /etc/rabbitmq/rabbitmq.conf (root:root 0644)
> unwritable /etc/rabbitmq/rabbitmq.conf No space left on device
> file environment none
  write /etc/rabbitmq/rabbitmq-env.conf (root:root 0644: # Written by Trivet; changes here are overwritten. | NODENAME=rabbit@c1)
> unwritable /etc/rabbitmq/rabbitmq-env.conf No space left on device
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
  reports STOPPED for 0: cannot write /etc/rabbitmq/rabbitmq-env.conf: No space left on device
> file members none
> file running none
> folder data none
> folder nodes none
  reports STOPPED for 0: cannot write /etc/rabbitmq/rabbitmq-env.conf: No space left on device {data=none}
> target started join
  read /etc/rabbitmq/rabbitmq.conf as config
  read /etc/rabbitmq/rabbitmq-env.conf as environment
  read /etc/rabbitmq/trivet-definitions.json as definitions
  read /run/systemd/system/rabbitmq-server.service.d/trivet.conf as drop-in
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data none
> folder nodes none
# Space was made.
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
  start rabbitmq-server.service
  reports STARTING for 2 {data=none, up=yes}
