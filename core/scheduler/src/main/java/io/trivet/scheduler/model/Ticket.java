package io.trivet.scheduler.model;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A ticket of a geographically spread cluster.
public final class Ticket {
  public final String id;
  public boolean granted;
  public boolean standby;
  public long lastGranted = -1;
  public final SequencedMap<String, String> state = new LinkedHashMap<>();

  public Ticket(String id) {
    this.id = id;
  }
}
