/// RabbitMQ: a broker of which every controller runs a node.
///
/// A node that has data is started without asking for more: nodes that are started together find
/// out by themselves which of them has the newest tables. A node without data is started only when
/// another one runs that it can join, except the very first. What a node knows of the cluster is
/// read from the two small files in which RabbitMQ notes it, because its command line tool costs
/// most of a second of processor time at each call.
@NullMarked
package io.trivet.services.rabbitmq;

import org.jspecify.annotations.NullMarked;
