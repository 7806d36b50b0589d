@NullMarked
package io.trivet.services.rabbitmq;

import org.jspecify.annotations.NullMarked;
