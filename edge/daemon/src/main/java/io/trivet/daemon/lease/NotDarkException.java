package io.trivet.daemon.lease;

import java.io.Serial;

/// The kernel would take away neither the keys nor the addresses of a VIP, nor the link below: it
/// may still be answered for. What is left is to end, loudly, and to begin anew with the guard.
public final class NotDarkException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  NotDarkException(String vip) {
    super(
        LeaseLoop.named(vip)
            + " cannot be made dark: the kernel refused to take its keys, its addresses and its"
            + " link away");
  }
}
