# Boots one node; becomes systemd-nspawn. Runs in a mount namespace of its own, so that the node's
# mounts, and what nspawn writes below /run/systemd, are gone with it and never seen by the machine.
# Arguments: PIDFILE NODEFOLDER IMAGE NAME CONTROLGROUP...
set -eu
pidfile=$1 folder=$2 image=$3 name=$4
shift 4
for group in "$@"; do
  mkdir -p "$group"
  echo $$ > "$group/cgroup.procs"
done
mount -t overlay -o "lowerdir=$image,upperdir=$folder/upper,workdir=$folder/work" \
  "trivet-lab-$name" "$folder/root"
mkdir -p /run/systemd
mount -t tmpfs -o mode=755 tmpfs /run/systemd
echo $$ > "$pidfile"
exec systemd-nspawn --quiet --register=no --keep-unit --private-network --machine="$name" \
  --directory="$folder/root" --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
  --capability=CAP_NET_ADMIN,CAP_NET_RAW,CAP_IPC_LOCK,CAP_SYS_NICE --boot
