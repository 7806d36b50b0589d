# What RabbitMQ has on disk cannot be read; then its folder has tables without notes, then data under another name.
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
> file members unreadable cannot read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config: Input/output error
> file running none
> folder data none
> folder nodes none
  reports STOPPED for 0: nobody can tell what it has: cannot read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config: Input/output error {data=unreadable, why=cannot read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config: Input/output error}
> until 5.0
  at 5.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data schema.DAT,LATEST.LOG
> folder nodes rabbit@c1
  reports STOPPED for 0: nobody can tell what it has: /var/lib/rabbitmq/mnesia/rabbit@c1 has tables, but /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config is gone {data=unreadable, why=/var/lib/rabbitmq/mnesia/rabbit@c1 has tables, but /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config is gone}
> until 10.0
  at 10.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data none
> folder nodes rabbit@old-name
  reports STOPPED for 0: nobody can tell what it has: /var/lib/rabbitmq/mnesia has data of rabbit@old-name, not of rabbit@c1 {data=unreadable, why=/var/lib/rabbitmq/mnesia has data of rabbit@old-name, not of rabbit@c1}
> until 15.0
  at 15.000
  read /var/lib/rabbitmq/mnesia/rabbit@c1/cluster_nodes.config as members
  read /var/lib/rabbitmq/mnesia/rabbit@c1/nodes_running_at_shutdown as running
  list /var/lib/rabbitmq/mnesia/rabbit@c1 as data
  list /var/lib/rabbitmq/mnesia as nodes
> file members none
> file running none
> folder data none
> folder nodes rabbit@c1-plugins-expand
  reports STOPPED for 0 {data=none}
