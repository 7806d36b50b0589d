# Tries what a lab needs of the kernel, in namespaces that end with this script. Writes one line for
# each thing that does not work.
lack() { echo "$1"; }
mount -t tmpfs tmpfs /mnt 2>/dev/null || { lack "mounting in a mount namespace"; exit 0; }
mkdir /mnt/lower /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root \
  2>/dev/null || lack "the overlay file system (CONFIG_OVERLAY_FS)"
ip link add name try0 type veth peer name try1 2>/dev/null || lack "virtual Ethernet pairs (CONFIG_VETH)"
ip link add name try2 type bridge 2>/dev/null || lack "a bridge (CONFIG_BRIDGE)"
ip link add name try3 link try0 type macvlan mode bridge 2>/dev/null || lack "macvlan (CONFIG_MACVLAN)"
nft 'add table inet t; add set inet t s { type ipv4_addr; flags timeout; }' 2>/dev/null ||
  lack "nftables sets with timeouts (CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET)"
nft 'add table arp t; add chain arp t c { type filter hook input priority 0; }' 2>/dev/null ||
  lack "nftables for ARP (CONFIG_NF_TABLES_ARP)"
