@NullMarked
package io.trivet.services.controller;

import org.jspecify.annotations.NullMarked;
