package io.trivet.lab.drill;

/// One fault, measured. Times in milliseconds.
///
/// @param outageMs longest gap in answers through the VIP, probed every 5 ms from the client
/// @param twoHoldersMs time in which two controllers answered for the VIP, seen from outside
/// @param apiMs longest time without a token issued through the VIP; for a full outage the time
///   from power on to the first token
/// @param recoveredMs from the fault until the status is healthy again; the fault itself lasts
///   `faultMs` of it
/// @param faultMs how long the fault lasted until it was undone
/// @param holder the controller that got the fault: it held the VIP, or was the database's writer
///   where the fault is one of the writer
/// @param holderAfter who held it in the end
/// @param observerBlindMs longest time in which the observer itself did not ask: no gap is known
///   better than this
public record DrillRun(
    long outageMs,
    long twoHoldersMs,
    long apiMs,
    long recoveredMs,
    long faultMs,
    String holder,
    String holderAfter,
    long observerBlindMs) {}
