/// RFC 9568 (VRRPv3) and VRRPv2: codec and state machine, for `mode: independent`.
@NullMarked
package io.trivet.vrrp;

import org.jspecify.annotations.NullMarked;
