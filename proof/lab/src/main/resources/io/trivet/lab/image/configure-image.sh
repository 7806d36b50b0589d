# Turns a freshly installed system into the image of a node. Argument: its root folder.
set -eu
root=$1

# Nothing starts by itself at boot: on a controller, Trivet says what runs.
find "$root/etc/systemd/system" -mindepth 2 -type l -path '*.wants/*' -delete
rm -f "$root"/etc/rc?.d/[SK]*
for unit in console-getty.service getty-static.service systemd-logind.service \
  systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-ask-password-wall.path systemd-tmpfiles-clean.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

# Every node has an identity of its own, given when it boots.
: > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/etc/resolv.conf" "$root/etc/hostname"
rm -f "$root/var/lib/rabbitmq/.erlang.cookie"

# The journal survives a power cut and stays small.
mkdir -p "$root/var/log/journal" "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=persistent\nSystemMaxUse=64M\nSyncIntervalSec=5s\nRateLimitBurst=0\n' \
  > "$root/etc/systemd/journald.conf.d/lab.conf"

# Debian's uwsgi settings for Keystone want an AppArmor that no container has, and eight processes.
sed -i -e 's/^plugins = .*/plugins = python3/' -e '/^apparmor-profile/d' \
  -e 's/^processes = .*/processes = 2/' -e 's/^threads = .*/threads = 8/' \
  "$root/etc/keystone/keystone-uwsgi.ini"
