package io.trivet.daemon.peer;

/// How urgent the threads of a channel are to the machine. Each method is called on the thread that
/// it is about, a platform thread.
public interface Urgency {
  /// All of it is as urgent as whoever opened the channel.
  Urgency ORDINARY =
      new Urgency() {
        @Override
        public void connecting() {
          // As it is.
        }

        @Override
        public void connected() {
          // As it is.
        }
      };

  /// From now on the thread makes a connection and proves who is at its ends: long work for a
  /// processor, again and again while the other side is slow, and nobody waits for it.
  void connecting();

  /// From now on the thread carries messages.
  void connected();
}
