package io.trivet.services.controller;

/// When an event happened.
///
/// @param nanos on the monotonic clock of the controller
/// @param millis on its wall clock, for people
record Moment(long nanos, long millis) {}
