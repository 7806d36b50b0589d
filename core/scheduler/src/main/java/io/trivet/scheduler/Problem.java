package io.trivet.scheduler;

/// What is wrong, and what to do about it, as `trivet status` says it.
///
/// @param subject the controller, resource or VIP it is about
/// @param text what is wrong, a sentence
/// @param advice what to do, a sentence; also where nothing is to be done but to wait
public record Problem(String subject, String text, String advice) {}
