/// What one controller decides: the agents of its services, what it reports, and, while it leads,
/// the plans for all.
@NullMarked
package io.trivet.services.controller;

import org.jspecify.annotations.NullMarked;
