// SPDX-License-Identifier: Apache-2.0
// Settings are refused with a reason, or they can be shown and read again as what they were. The
// input is a file, and behind a first NUL variables of the environment, NAME=value, with NUL
// between.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "config/keys.hpp"
#include "config/load.hpp"
#include "config/render.hpp"
#include "fuzz/property.hpp"

namespace scoreboard::fuzz {
namespace {

// A file without a disk: the loader wants a path.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("config", MFD_CLOEXEC)) {
    must(descriptor_ >= 0, "there is memory for a file");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void write(std::string_view text) const {
    const bool empty = ftruncate(descriptor_, 0) == 0;
    const auto written = pwrite(descriptor_, text.data(), text.size(), 0);
    must(empty && written == static_cast<ssize_t>(text.size()), "the file is written");
  }

 private:
  const int descriptor_;
};

config::Loaded loaded(std::string_view text, const config::Environment& environment) {
  static const MemoryFile file;
  file.write(text);
  return config::load(file.path(), environment);
}

config::Environment variables(std::string_view text) {
  config::Environment found;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('\0'));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos) {
      found.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
  }
  return found;
}

void says_what_is_wrong(const config::Loaded& loaded) {
  for (const config::Fault& fault : loaded.faults) {
    must(!fault.message.empty() && !fault.file.empty(), "a fault has a place and a reason");
    must(fault.line >= 0 && fault.column >= 0, "a place is a place");
  }
}

void keeps_to_its_ranges(const config::Settings& settings) {
  for (const config::Key& key : config::keys()) {
    must(config::complaint(key, key.get(settings)).empty(), "a setting is within its range");
  }
}

bool same(const config::Settings& a, const config::Settings& b) {
  for (const config::Key& key : config::keys()) {
    if (key.get(a) != key.get(b)) return false;
  }
  return a.points == b.points;
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard;
  const std::string_view input = fuzz::text_of(data, size);
  const std::string_view file = input.substr(0, input.find('\0'));
  const auto environment = fuzz::variables(input.substr(std::min(file.size() + 1, input.size())));
  const config::Loaded loaded = fuzz::loaded(file, environment);
  fuzz::says_what_is_wrong(loaded);
  if (!loaded.faults.empty()) return 0;
  fuzz::keeps_to_its_ranges(loaded.settings);
  const config::Loaded again = fuzz::loaded(config::show(loaded), {});
  fuzz::must(again.faults.empty(), "what is shown can be read");
  fuzz::must(fuzz::same(loaded.settings, again.settings), "what is shown is what is in force");
  return 0;
}
