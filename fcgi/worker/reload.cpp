// SPDX-License-Identifier: Apache-2.0
#include "worker/reload.hpp"

#include "config/issuers.hpp"
#include "config/reload.hpp"
#include "ops/log.hpp"

namespace scoreboard {
namespace {

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

void refuse(const std::vector<std::string>& faults) {
  log::write(
      log::Level::error, "reload_refused",
      {{"faults", static_cast<std::int64_t>(faults.size())}, {"reason", joined(faults, "; ")}});
}

}  // namespace

void Reload::operator()() {
  holders_.keys.look();  // for itself: a key file is replaced whether or not anything else is good
  const config::Loaded loaded = read_();
  if (loaded.faults.empty()) return take(loaded.settings);
  std::vector<std::string> faults;
  faults.reserve(loaded.faults.size());
  for (const config::Fault& fault : loaded.faults) faults.push_back(config::to_string(fault));
  refuse(faults);
}

void Reload::take(const config::Settings& wanted) {
  const auto before = holders_.in_force.get();
  config::Reloaded reloaded = config::reload(before->settings, wanted);
  // What is wanted is good, and so is what runs; of both together an issuer may still be ourselves
  // until the restart.
  std::vector<std::string> faults;
  for (const auto& complaint : config::issuer_complaints(reloaded.settings)) {
    faults.push_back(complaint.text + " (until a restart)");
  }
  if (!faults.empty()) return refuse(faults);

  auto next = std::make_shared<api::InForce>();
  next->issuers = api::make_issuers(reloaded.settings, before->issuers);
  next->settings = std::move(reloaded.settings);
  holders_.queue.change(queue_bounds(next->settings, holders_.bounds));
  holders_.refusals.change(refusal_options(next->settings));
  holders_.in_force.set(std::move(next));
  const std::string changed = joined(reloaded.changed, ", ");
  const std::string restart_needed = joined(reloaded.restart_needed, ", ");
  log::write(log::Level::info, "reloaded",
             {{"changed", changed}, {"restart_needed", restart_needed}});
}

CommitQueue::Bounds queue_bounds(const config::Settings& settings, CommitQueue::Bounds bounds) {
  bounds.waiting_max = static_cast<std::size_t>(settings.server.queue_waiting_max);
  bounds.wait_max = settings.server.queue_wait_max;
  bounds.rules.limit = settings.limits.awards;
  bounds.rules.window = settings.limits.awards_window;
  return bounds;
}

server::Refusals::Options refusal_options(const config::Settings& settings) {
  return {.refusals_max = settings.limits.refusals, .block = settings.limits.block};
}

}  // namespace scoreboard
