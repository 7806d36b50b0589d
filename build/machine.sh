# What this machine lacks, found before anything is built. Sourced by ./trivet, which gives root, say and fail.

lab_parts=$root/proof/lab/src/main/resources/io/trivet/lab/host
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Prints the packages of the programs that are not there, one a line. $1: lab, or nothing for the build alone.
packages_lacking() {
    {
        echo mvn maven
        echo flock util-linux
        if [ "${1:-}" = lab ]; then
            grep -v '^#' "$lab_parts/programs.txt"
        fi
    } | while read -r program package; do
        command -v "$program" > /dev/null || echo "$package"
    done | sort -u
}

# A JDK 25 under any of its Debian names, where the machine's package sources have one.
jdk_package() {
    for package in temurin-25-jdk openjdk-25-jdk-headless; do
        if apt-cache show "$package" > /dev/null 2>&1; then
            echo "$package"
            return 0
        fi
    done
    return 1
}

is_debian_root() {
    [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get > /dev/null
}

# Installs packages, and says which. $1: the packages, separated by spaces.
install_packages() {
    say "This machine lacks, and apt-get installs now: $1 (--no-install refuses that)"
    log=$(mktemp)
    # One word a package: the names come from the lists above.
    # shellcheck disable=SC2086
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1; } > "$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: $1. See above; then run this command again."
    fi
    rm -f "$log"
}

# Makes the machine ready, or says everything that it lacks and ends. $1: build, or lab for that and a lab; $2: yes when
# nothing may be installed.
prepare_machine() {
    lacking=$(packages_lacking "$1" | tr '\n' ' ')
    lacking=${lacking% }
    if ! find_jdk; then
        if is_debian_root && [ "$2" != yes ] && jdk=$(jdk_package); then
            lacking="$lacking${lacking:+ }$jdk"
        else
            fail "$(no_jdk)"
        fi
    fi
    if [ -n "$lacking" ]; then
        if [ "$2" = yes ] || ! is_debian_root; then
            fail "This machine lacks programs, and nothing was built or changed. Install them: apt-get install $lacking"
        fi
        install_packages "$lacking"
        find_jdk || fail "$(no_jdk)"
    fi
}

# What the kernel cannot do for a lab, one line each; nothing where a lab can be made. Needs root and the programs.
kernel_lacks() {
    unshare --mount --net --pid --uts --ipc --fork --propagation=private sh "$lab_parts/capabilities.sh" 2>&1
}

# Ends, before minutes of building, where a lab cannot be made.
require_lab() {
    [ "$(id -u)" = 0 ] || fail "A lab needs root: sudo ./trivet lab up. Nothing was built or changed."
    lacks=$(kernel_lacks)
    [ -z "$lacks" ] || fail "A lab cannot be made on this machine. Its kernel lacks:
$lacks
Nothing was built."
}
