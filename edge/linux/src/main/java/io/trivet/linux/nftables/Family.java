package io.trivet.linux.nftables;

/// The families of tables that this package uses, with the kernel's numbers (linux/netfilter.h).
enum Family {
  INET(1),
  IP(2),
  ARP(3),
  NETDEV(5),
  IP6(10);

  private final int number;

  Family(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
