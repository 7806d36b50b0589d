package io.trivet.linux.nftables;

import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the elements of a set of addresses out of a dump (NFT_MSG_NEWSETELEM).
final class ElementCodec {
  private static final int NEW_ELEMENTS = 10 << 8 | 12;
  private static final int ELEMENTS = 3;

  private ElementCodec() {}

  static @Nullable List<Leased> elements(Message message) throws MalformedReplyException {
    if (message.type() != NEW_ELEMENTS) {
      return null;
    }
    List<Leased> found = new ArrayList<>();
    for (Attributes.Attribute element : message.attributes(4).nested(ELEMENTS).list()) {
      Attributes fields = element.nested();
      ByteBuffer key = fields.nested(1).find(1);
      if (key != null) {
        found.add(
            new Leased(Attributes.address(key), fields.be64(5, 0))); // NFTA_SET_ELEM_EXPIRATION
      }
    }
    return found;
  }
}
