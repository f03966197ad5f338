// SPDX-License-Identifier: Apache-2.0
#include "metrics/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace scoreboard::metrics {
namespace {

std::string content_of(const char* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The fields of /proc/self/stat behind the name, which may hold spaces; the first is number 3
// (proc(5)).
double stat_field(int number) {
  const std::string stat = content_of("/proc/self/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int at = 3; at <= number; ++at) fields >> field;
  double value = 0;
  std::istringstream(field) >> value;
  return value;
}

double seconds_now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// /proc/stat would tell the system's start; a service that sees only processes there has none.
double start_time() {
  constexpr int started_at = 22;  // in clock ticks since the system's start
  const double started = stat_field(started_at) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return seconds_now(CLOCK_REALTIME) - (seconds_now(CLOCK_BOOTTIME) - started);
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double open_files() {
  std::error_code fault;
  double open = 0;
  for (auto file = std::filesystem::directory_iterator("/proc/self/fd", fault);
       !fault && file != std::filesystem::directory_iterator(); file.increment(fault)) {
    ++open;
  }
  return open > 0 ? open - 1 : 0;  // less the one that looks
}

double open_files_max() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  return static_cast<double>(files.rlim_cur);
}

}  // namespace

void add_process_metrics(Registry& registry) {
  const Counter cpu = registry.counter("process_cpu_seconds_total",
                                       "Processor time that this process has used, in seconds.");
  const Gauge resident = registry.gauge("process_resident_memory_bytes",
                                        "Memory of this process that is in RAM, in bytes.");
  const Gauge virtual_size =
      registry.gauge("process_virtual_memory_bytes", "Address space of this process, in bytes.");
  const Gauge open = registry.gauge("process_open_fds", "Files and sockets that are open now.");
  const Gauge open_max =
      registry.gauge("process_max_fds", "How many files and sockets may be open at once.");
  const Gauge threads = registry.gauge("process_threads", "Threads of this process.");
  registry
      .gauge("process_start_time_seconds",
             "When this process started, in seconds since 1970-01-01T00:00:00Z.")
      .set(start_time());
  registry.before_scrape([=] {
    constexpr int threads_now = 20;
    constexpr int virtual_bytes = 23;
    constexpr int resident_pages = 24;
    cpu.raise_to(cpu_seconds());
    resident.set(stat_field(resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE)));
    virtual_size.set(stat_field(virtual_bytes));
    threads.set(stat_field(threads_now));
    open.set(open_files());
    open_max.set(open_files_max());
  });
}

}  // namespace scoreboard::metrics
