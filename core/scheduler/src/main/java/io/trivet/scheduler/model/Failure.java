package io.trivet.scheduler.model;

/// A failed operation of the history, as told to people.
///
/// @param resource the id in the history
/// @param key such as `rsc1_monitor_10000`
/// @param text a sentence
public record Failure(String resource, String key, Node node, String text) {}
