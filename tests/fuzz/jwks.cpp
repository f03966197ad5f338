// SPDX-License-Identifier: Apache-2.0
// A key set that is accepted has keys that may be used, each found by its own id; a new key goes in
// front of them, one that is taken out leaves the others, and none is changed.
#include <algorithm>
#include <string>

#include "auth/key_set.hpp"
#include "fuzz/property.hpp"
#include "json/value.hpp"

namespace scoreboard::fuzz {
namespace {

using auth::Key;
using auth::KeySet;

bool same(const Key& a, const Key& b) {
  return a.id == b.id && std::ranges::equal(a.secret.bytes(), b.secret.bytes());
}

void each_key_may_be_used(const KeySet& keys) {
  must(!keys.all().empty(), "there is a key");
  for (const Key& key : keys.all()) {
    must(auth::is_key_id(key.id), "an id has its grammar");
    must(key.secret.size() >= 32, "a secret is as long as its hash");
    must(keys.find(key.id) == &key, "each id names one key");
  }
}

void a_new_key_goes_in_front(const KeySet& keys, std::string_view text) {
  const auto more = auth::with_new_key(text, "2026-11-20");
  must(static_cast<bool>(more), "a good set takes a new key");
  const auto again = KeySet::parse(*more);
  must(again && again->all().size() == keys.all().size() + 1, "the new set is good");
  must(std::ranges::equal(keys.all(), std::span(again->all()).subspan(1), same),
       "the old keys stay as they were");
}

void a_key_is_taken_out_alone(const KeySet& keys, std::string_view text) {
  const Key& key = keys.all().back();
  const auto fewer = auth::without_key(text, key.id);
  must(static_cast<bool>(fewer) == (keys.all().size() > 1), "only the last key cannot go");
  if (!fewer) return;
  const auto again = KeySet::parse(*fewer);
  must(again && !again->find(key.id), "the key is gone");
  must(std::ranges::equal(again->all(), std::span(keys.all()).first(keys.all().size() - 1), same),
       "the other keys stay as they were");
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard::fuzz;
  const std::string_view text = text_of(data, size);
  const auto keys = KeySet::parse(text);
  if (!keys) {
    must(text.empty() || !scoreboard::auth::with_new_key(text, "2026-11-20"),
         "a bad set takes no new key");
    return 0;
  }
  must(static_cast<bool>(scoreboard::json::parse_object(text)), "a set is strict JSON");
  each_key_may_be_used(*keys);
  a_new_key_goes_in_front(*keys, text);
  a_key_is_taken_out_alone(*keys, text);
  return 0;
}
