/// What it means to start, join, bootstrap, promote and check each kind of service.
@NullMarked
package io.trivet.services;

import org.jspecify.annotations.NullMarked;
