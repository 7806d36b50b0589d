/// Raw Ethernet frames over AF_PACKET, and the announcement of addresses with ARP and neighbour
/// advertisements.
@NullMarked
package io.trivet.linux.packet;

import org.jspecify.annotations.NullMarked;
