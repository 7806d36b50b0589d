/// Links, addresses, routes, rules and neighbours over rtnetlink, and a watcher of their changes.
@NullMarked
package io.trivet.linux.route;

import org.jspecify.annotations.NullMarked;
