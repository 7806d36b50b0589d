/// HAProxy: one on every controller, listening on the VIPs whether it holds them or not. Trivet
/// writes its configuration and its unit, and tells it over the runtime socket which database
/// member is the writer and which controllers are gone.
@NullMarked
package io.trivet.services.haproxy;

import org.jspecify.annotations.NullMarked;
