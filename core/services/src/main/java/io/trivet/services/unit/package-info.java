/// A systemd unit that runs or does not run, with an optional health check beyond systemd's
/// `active`. Plain units, OpenStack services and memcached are of this kind.
@NullMarked
package io.trivet.services.unit;

import org.jspecify.annotations.NullMarked;
