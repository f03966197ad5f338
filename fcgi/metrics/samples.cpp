// SPDX-License-Identifier: Apache-2.0
#include "metrics/samples.hpp"

#include <algorithm>
#include <optional>

namespace scoreboard::metrics {
namespace {

// Takes name="value" and what separates it from the next off the front of `text`; "\" keeps the
// character behind it, "\n" is a line feed.
bool take_label(std::string_view& text, Labels& labels) {
  const std::size_t equals = text.find("=\"");
  if (equals == std::string_view::npos) return false;
  const std::string name(text.substr(0, equals));
  std::string value;
  std::size_t at = equals + 2;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      ++at;
      value += text[at] == 'n' ? '\n' : text[at];
    } else {
      value += text[at];
    }
  }
  if (at == text.size()) return false;
  labels[name] = value;
  text.remove_prefix(at + 1);
  if (text.starts_with(',')) text.remove_prefix(1);
  return true;
}

std::optional<double> number(const std::string& text) {
  try {
    std::size_t used = 0;
    const double value = std::stod(text, &used);
    if (used == text.size()) return value;
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Samples::Samples(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with('#')) continue;
    const std::string name(line.substr(0, line.find_first_of("{ ")));
    line.remove_prefix(name.size());
    Sample sample;
    if (line.starts_with('{')) {
      line.remove_prefix(1);
      while (!line.starts_with('}') && take_label(line, sample.labels)) {
      }
      if (!line.starts_with('}')) continue;
      line.remove_prefix(1);
    }
    if (!line.starts_with(' ')) continue;
    const auto value = number(std::string(line.substr(1)));
    if (!value) continue;
    sample.value = *value;
    samples_.emplace(name, std::move(sample));
  }
}

double Samples::sum(std::string_view name, const Labels& labels) const {
  double total = 0;
  const auto [first, last] = samples_.equal_range(name);
  for (auto at = first; at != last; ++at) {
    const Labels& has = at->second.labels;
    if (std::includes(has.begin(), has.end(), labels.begin(), labels.end())) {
      total += at->second.value;
    }
  }
  return total;
}

std::string Samples::label(std::string_view name, const std::string& label) const {
  const auto found = samples_.find(name);
  if (found == samples_.end()) return {};
  const auto value = found->second.labels.find(label);
  return value == found->second.labels.end() ? std::string{} : value->second;
}

}  // namespace scoreboard::metrics
