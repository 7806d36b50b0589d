package io.trivet.linux;

import java.io.Serializable;

/// An error number of Linux (asm-generic/errno-base.h and errno.h).
public record Errno(int value) implements Serializable {
  public static final Errno EPERM = new Errno(1);
  public static final Errno ENOENT = new Errno(2);
  public static final Errno ESRCH = new Errno(3);
  public static final Errno EINTR = new Errno(4);
  public static final Errno EBADF = new Errno(9);
  public static final Errno EAGAIN = new Errno(11);
  public static final Errno EACCES = new Errno(13);
  public static final Errno EBUSY = new Errno(16);
  public static final Errno EEXIST = new Errno(17);
  public static final Errno ENODEV = new Errno(19);
  public static final Errno EINVAL = new Errno(22);
  public static final Errno EOPNOTSUPP = new Errno(95);
  public static final Errno EADDRNOTAVAIL = new Errno(99);
  public static final Errno ENETDOWN = new Errno(100);
  public static final Errno ENOBUFS = new Errno(105);

  /// The symbolic name, or `errno N` when this class does not know it.
  public String name() {
    return switch (value) {
      case 1 -> "EPERM";
      case 2 -> "ENOENT";
      case 3 -> "ESRCH";
      case 4 -> "EINTR";
      case 5 -> "EIO";
      case 6 -> "ENXIO";
      case 7 -> "E2BIG";
      case 9 -> "EBADF";
      case 11 -> "EAGAIN";
      case 12 -> "ENOMEM";
      case 13 -> "EACCES";
      case 14 -> "EFAULT";
      case 16 -> "EBUSY";
      case 17 -> "EEXIST";
      case 19 -> "ENODEV";
      case 20 -> "ENOTDIR";
      case 22 -> "EINVAL";
      case 24 -> "EMFILE";
      case 28 -> "ENOSPC";
      case 30 -> "EROFS";
      case 34 -> "ERANGE";
      case 36 -> "ENAMETOOLONG";
      case 38 -> "ENOSYS";
      case 40 -> "ELOOP";
      case 75 -> "EOVERFLOW";
      case 90 -> "EMSGSIZE";
      case 93 -> "EPROTONOSUPPORT";
      case 95 -> "EOPNOTSUPP";
      case 97 -> "EAFNOSUPPORT";
      case 98 -> "EADDRINUSE";
      case 99 -> "EADDRNOTAVAIL";
      case 100 -> "ENETDOWN";
      case 101 -> "ENETUNREACH";
      case 105 -> "ENOBUFS";
      case 110 -> "ETIMEDOUT";
      case 111 -> "ECONNREFUSED";
      case 113 -> "EHOSTUNREACH";
      default -> "errno " + value;
    };
  }

  @Override
  public String toString() {
    return switch (value) {
      case 1 -> "EPERM, not permitted: root or the capability CAP_NET_ADMIN is needed";
      case 2 -> "ENOENT, no such thing";
      case 3 -> "ESRCH, no such process or entry";
      case 9 -> "EBADF, closed";
      case 13 -> "EACCES, access denied";
      case 16 -> "EBUSY, in use";
      case 17 -> "EEXIST, exists already";
      case 19 -> "ENODEV, no such device";
      case 22 -> "EINVAL, invalid argument";
      case 95 -> "EOPNOTSUPP, not supported by this kernel";
      case 99 -> "EADDRNOTAVAIL, address not available";
      case 100 -> "ENETDOWN, the link is down";
      case 101 -> "ENETUNREACH, network unreachable";
      default -> name();
    };
  }
}
