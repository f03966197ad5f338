// SPDX-License-Identifier: Apache-2.0
#include "doctor/disk.hpp"

#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <algorithm>

namespace scoreboard::doctor {
namespace {

constexpr auto tmpfs_magic = 0x01021994;  // TMPFS_MAGIC
// Full at these shares: a database that cannot write stops the board.
constexpr std::uint64_t fail_percent = 5;
constexpr std::uint64_t warn_percent = 15;

std::uint64_t percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 100 : part * 100 / whole;
}

}  // namespace

Space look_at_space(const std::filesystem::path& directory) {
  Space space{.directory = directory};
  struct statvfs about {};
  struct statfs kind {};
  if (statvfs(directory.c_str(), &about) != 0 || statfs(directory.c_str(), &kind) != 0) {
    return space;
  }
  space.known = true;
  space.in_memory = kind.f_type == tmpfs_magic;
  space.bytes = about.f_blocks * about.f_frsize;
  space.bytes_free = about.f_bavail * about.f_frsize;
  space.files = about.f_files;
  space.files_free = about.f_favail;
  return space;
}

Finding space_finding(const std::string& check, const std::string& what, const Space& space) {
  const std::string directory = space.directory.string();
  if (!space.known) {
    return fail(check, "there is no directory " + directory + " for " + what,
                "make it, or name another one in the configuration");
  }
  const std::uint64_t bytes = percent(space.bytes_free, space.bytes);
  const std::uint64_t files = percent(space.files_free, space.files);
  const std::uint64_t left = std::min(bytes, files);
  const std::string seen = std::to_string(left) + " % of the " +
                           (files < bytes ? "files" : "space") + " at " + directory + " (" + what +
                           ") is free";
  const std::string advice = "make room there, or move it to a larger file system";
  if (left < fail_percent) return fail(check, seen, advice);
  if (left < warn_percent) return warn(check, seen, advice);
  return ok(check, seen);
}

Finding unseen_disk_finding(const std::string& role, bool on_this_host) {
  if (!on_this_host) {
    return warn(
        "disk.database",
        "the disk of the database was not looked at: its server is not seen to run on this "
        "host",
        "look where it runs (df), and let a node_exporter watch it there (docs/monitoring)");
  }
  return warn("disk.database",
              "the disk of the database was not looked at: PostgreSQL does not tell the role " +
                  role + " where it is",
              "df -h \"$(runuser -u postgres -- psql -Atc 'SHOW data_directory')\", and let a "
              "node_exporter watch it (docs/monitoring)");
}

Finding snapshot_place_finding(const Space& space) {
  const std::string directory = space.directory.string();
  if (space.in_memory) return ok("snapshot.tmpfs", directory + " is in memory");
  return warn("snapshot.tmpfs", directory + " is on a disk, and written up to 20 times a second",
              "set live.snapshot_directory to one on tmpfs, below /run");
}

}  // namespace scoreboard::doctor
