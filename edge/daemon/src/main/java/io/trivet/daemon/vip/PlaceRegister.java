package io.trivet.daemon.vip;

import java.io.IOException;
import java.util.SortedMap;

/// What Trivet made on this controller, kept where a restarted daemon finds it and a reboot forgets
/// it, as the kernel does.
public interface PlaceRegister {
  /// Key → number; the keys are those of the parts that keep something here.
  SortedMap<String, Integer> all();

  /// Replaces everything.
  void keep(SortedMap<String, Integer> numbers) throws IOException;
}
