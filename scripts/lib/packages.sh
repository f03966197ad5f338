# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Debian packages, in one place. Sourced by scripts/run, test, package and fuzz.

# To build and to run.
# shellcheck disable=SC2034  # used by scripts/run and scripts/test
run_packages=(
  g++ cmake ninja-build pkg-config libfcgi-dev libsoci-dev libsqlite3-dev libpq-dev libssl-dev
  libcrypt-dev rapidjson-dev libcurl4-openssl-dev libtomlplusplus-dev libcli11-dev libfmt-dev
  libsystemd-dev prometheus-cpp-dev libboost-test-dev libhowardhinnant-date-dev tzdata
  nginx-light libnginx-mod-nchan openssl python3
)
# For a PostgreSQL of the board's own. The cluster that Debian makes beside it is never used.
# shellcheck disable=SC2034  # used by scripts/run and scripts/test
postgresql_packages=(postgresql-15)
# To test.
# shellcheck disable=SC2034  # used by scripts/test
test_packages=(
  clang-format-14 clang-tidy-16 shellcheck ccache curl jq fail2ban iproute2 sqlite3 systemd
  python3-pytest python3-websockets python3-aiohttp python3-selenium chromium chromium-driver
  python3-hypothesis python3-jsonschema python3-yaml mandoc
)
# To do to a board what life will do to it.
# shellcheck disable=SC2034  # used by scripts/chaos and scripts/test
chaos_packages=(faketime iproute2 python3-aiohttp python3-websockets sqlite3)
# To look for inputs that break something.
# shellcheck disable=SC2034  # used by scripts/fuzz
fuzz_packages=(clang-16 libclang-rt-16-dev)
# To build the Debian package, and to try it in a Debian of its own.
# shellcheck disable=SC2034  # used by scripts/package and scripts/test
package_packages=(build-essential debhelper lintian blhc mandoc)
# shellcheck disable=SC2034  # used by scripts/test
installed_packages=(debootstrap systemd-container)

# Whose programs tests run, and which must not be installed: Debian's Prometheus, its exporters and
# PgBouncer would start daemons. PgBouncer needs the two libraries.
# shellcheck disable=SC2034  # used by scripts/chaos and scripts/test
unpacked_packages=(prometheus prometheus-node-exporter prometheus-blackbox-exporter pgbouncer libc-ares2 libevent-2.1-7)

# unpack_missing DIRECTORY PACKAGES...: puts what the packages hold into DIRECTORY/PACKAGE.
unpack_missing() {
  local into=$1 package
  shift
  mkdir -p "$into"
  for package in "$@"; do
    [ -d "$into/$package" ] && continue
    (
      cd "$into" && rm -rf "$package".next &&
        { apt-get download -qq "$package" || { as_root apt-get update -qq && apt-get download -qq "$package"; }; } &&
        dpkg -x "$package"_*.deb "$package".next && rm -f "$package"_*.deb && mv "$package".next "$package"
    ) || return 1
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of its arguments that are missing; asks apt for nothing else.
install_missing() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  echo "Installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh "${missing[@]}" \
    >/dev/null </dev/null
}
