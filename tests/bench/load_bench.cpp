// SPDX-License-Identifier: Apache-2.0
// Load on a board of this machine, and what became of it as one line of JSON.
//
//   load-bench --port 8080 --access-keys FILE --action-keys FILE --players N --connections 64
//   load-bench --port 8080 ... --rate 500 --poisson --series FILE
//   load-bench --port 8080 --kind get --path /api/leaderboard
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <map>

#include "load.hpp"

using namespace scoreboard::bench;

namespace {

const std::map<std::string, Kind> kinds = {{"increments", Kind::increments},
                                           {"forged", Kind::forged},
                                           {"replays", Kind::replays},
                                           {"logins", Kind::logins},
                                           {"get", Kind::get}};
const std::map<std::string, Pick> picks = {
    {"equal", Pick::equal}, {"zipf", Pick::zipf}, {"one", Pick::one}, {"once", Pick::once}};

// As many descriptors as this process may have.
void raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::ofstream open_file(const std::string& name) {
  std::ofstream file(name);
  if (!file) throw std::runtime_error("cannot write " + name);
  return file;
}

}  // namespace

int main(int argc, char** argv) {
  RequestSource::Options what;
  LoadOptions load;
  double warmup = 0;
  std::string series;
  std::string acknowledged;
  CLI::App app("Load on a board of this machine, in a closed or an open loop");
  app.add_option("--port", load.port);
  app.add_option("--kind", what.kind)->transform(CLI::CheckedTransformer(kinds));
  app.add_option("--path", what.path, "with --kind get");
  app.add_option("--pick", what.pick)->transform(CLI::CheckedTransformer(picks));
  app.add_option("--players", what.players)->check(CLI::PositiveNumber);
  app.add_option("--access-keys", what.access_keys);
  app.add_option("--action-keys", what.action_keys);
  app.add_option("--connections", load.connections, "open loop: at most")
      ->check(CLI::PositiveNumber);
  app.add_option("--rate", load.rate, "requests a second, an open loop; without: a closed one");
  app.add_flag("--poisson", load.poisson, "they come independently, not evenly");
  app.add_option("--warmup", warmup, "seconds before those that are told of");
  app.add_option("--seconds", load.seconds);
  app.add_option("--timeout", load.timeout, "seconds");
  app.add_option("--series", series, "CSV: what happened in each tenth of a second");
  app.add_option("--acknowledged", acknowledged, "the ids of the actions that were acknowledged");
  CLI11_PARSE(app, argc, argv);
  try {
    raise_file_limit();
    const double measured = load.seconds;
    load.seconds += warmup;
    std::ofstream actions;
    if (!acknowledged.empty()) {
      actions = open_file(acknowledged);
      load.acknowledged = &actions;
    }
    RequestSource source(what);
    const Samples samples = run_load(load, source);
    if (!series.empty()) {
      auto file = open_file(series);
      samples.write_series(file);
    }
    std::cout << samples.summary(warmup, warmup + measured) << '\n';
    return 0;
  } catch (const std::exception& fault) {
    std::cerr << "load-bench: " << fault.what() << '\n';
    return 1;
  }
}
