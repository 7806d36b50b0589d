package io.trivet.linux.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A filter that the kernel runs before a socket takes a packet (linux/filter.h, classic BPF):
/// tests one after the other, each ending with "leave it out", "take it" or the next one.
public final class SocketFilter {
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_BYTE = 0x30;
  private static final int IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;

  private final List<int[]> program = new ArrayList<>();

  /// Goes on only when the octet at that offset has this value.
  public SocketFilter requireByte(int offset, int value) {
    add(LOAD_BYTE, 0, 0, offset);
    add(IF_EQUAL, 1, 0, value);
    add(RETURN, 0, 0, 0);
    return this;
  }

  /// Ends: takes a packet when the word at that offset, in network order, is one of these, and
  /// leaves out all others; or the other way round.
  public SocketFilter end(int offset, List<Integer> words, boolean take) {
    add(LOAD_WORD, 0, 0, offset);
    for (int word : words) {
      add(IF_EQUAL, 0, 1, word);
      add(RETURN, 0, 0, take ? -1 : 0);
    }
    add(RETURN, 0, 0, take ? 0 : -1);
    return this;
  }

  /// Gives the filter to a socket, in the place of an older one.
  ///
  /// @return minus errno when the kernel refuses
  public int attach(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment instructions = arena.allocate(program.size() * 8L, 8);
      for (int i = 0; i < program.size(); i++) {
        int[] instruction = program.get(i);
        instructions.set(JAVA_SHORT, i * 8L, (short) instruction[0]);
        instructions.set(JAVA_BYTE, i * 8L + 2, (byte) instruction[1]);
        instructions.set(JAVA_BYTE, i * 8L + 3, (byte) instruction[2]);
        instructions.set(JAVA_INT, i * 8L + 4, instruction[3]);
      }
      MemorySegment filter = arena.allocate(16, 8); // struct sock_fprog
      filter.set(JAVA_SHORT, 0, (short) program.size());
      filter.set(ADDRESS, 8, instructions);
      return Libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, 16);
    }
  }

  private void add(int code, int ifTrue, int ifFalse, int value) {
    program.add(new int[] {code, ifTrue, ifFalse, value});
  }
}
