// SPDX-License-Identifier: Apache-2.0
#include "auth/password.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "auth/hash_threads.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/random.hpp"

namespace scoreboard::auth {
namespace {

// crypt() reads a C string of less than this; check_password() refuses what it would misread.
bool is_hashable(std::string_view password) {
  return password.size() < CRYPT_MAX_PASSPHRASE_SIZE &&
         password.find('\0') == std::string_view::npos;
}

// Empty, with errno, when libxcrypt cannot hash with this setting.
std::optional<std::string> run_crypt(std::string_view password, const std::string& setting) {
  // 32 KiB that will have held the password: on the heap, and wiped.
  const auto wipe = [](crypt_data* data) {
    explicit_bzero(data, sizeof(*data));
    delete data;
  };
  const std::unique_ptr<crypt_data, decltype(wipe)> data(new crypt_data{}, wipe);
  std::string phrase(password);
  // crypt_rn, unlike crypt_r, fails with nullptr and not with a text that somebody might store.
  const char* made = crypt_rn(phrase.c_str(), setting.c_str(), data.get(), sizeof(crypt_data));
  const int cause = errno;
  explicit_bzero(phrase.data(), phrase.size());
  errno = cause;
  if (!made) return std::nullopt;
  return std::string(made);
}

std::string new_setting(int cost) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  // No bytes given: libxcrypt takes the salt from the kernel.
  if (!crypt_gensalt_rn("$y$", static_cast<unsigned long>(cost), nullptr, 0, setting.data(),
                        static_cast<int>(setting.size()))) {
    throw std::runtime_error("crypt_gensalt_rn failed");
  }
  return setting.data();
}

// The parameters in "$y$<parameters>$", by cost from 1, as crypt_gensalt writes them.
constexpr std::array<std::string_view, 11> yescrypt_costs = {
    "j75", "j85", "j7T", "j8T", "j9T", "jAT", "jBT", "jCT", "jDT", "jET", "jFT"};

// 0: no yescrypt, or parameters of somebody else's.
int yescrypt_cost(std::string_view hash) {
  if (!hash.starts_with("$y$")) return 0;
  hash.remove_prefix(3);
  const auto* const found = std::ranges::find(yescrypt_costs, hash.substr(0, hash.find('$')));
  if (found == yescrypt_costs.end()) return 0;
  return static_cast<int>(found - yescrypt_costs.begin()) + 1;
}

// libxcrypt knows more methods, down to those of 1979; in our table they would be a mistake. Nor
// may a row keep a thread for minutes.
bool is_accepted(std::string_view hash) {
  if (hash.starts_with("$y$")) return true;
  const std::string_view method = hash.substr(0, 4);
  if (method != "$2a$" && method != "$2b$" && method != "$2y$") return false;
  const std::string_view cost = hash.substr(4, 2);
  return cost >= "04" && cost <= "16";
}

Error not_hashed(int cause) {
  if (cause == ENOMEM) {
    return {.code = ErrorCode::unavailable,
            .log = "no memory for a password hash",
            .retry_after = std::chrono::seconds{1}};
  }
  return {.code = ErrorCode::internal, .log = "crypt refused the setting of a stored hash"};
}

// Callers that may wait for each thread: on an idle machine it is free every 25 ms, so the last one
// has waited a tenth of a second, and few request threads are held.
constexpr int waiting_per_thread = 4;

Error too_busy() {
  return {.code = ErrorCode::unavailable,
          .log = "too many passwords are being hashed",
          .retry_after = std::chrono::seconds{2}};
}

}  // namespace

struct Passwords::State {
  explicit State(Options chosen)
      : options(chosen),
        threads(chosen.concurrency, waiting_per_thread * chosen.concurrency),
        nobodys_hash(make_hash("nobody's password")) {}

  std::string make_hash(std::string_view password) const {
    auto made = run_crypt(password, new_setting(options.cost));
    if (!made) throw std::runtime_error("crypt_rn failed with a setting of its own");
    return *std::move(made);
  }

  // Empty, with the refusal, when it was not hashed.
  Result<std::string> on_a_thread(std::string_view password, const std::string& setting) {
    std::optional<std::string> made;
    int cause = 0;
    const auto work = [&] {
      made = run_crypt(password, setting);
      cause = errno;
    };
    if (!threads.run(work, options.wait_max)) return too_busy();
    if (!made) return not_hashed(cause);
    return *std::move(made);
  }

  const Options options;
  HashThreads threads;
  // Checked in place of an unknown user's, so that time does not tell who has an account.
  const std::string nobodys_hash;
};

Passwords::Passwords(Options options) {
  if (options.cost < 1 || options.cost > 11) throw std::invalid_argument("password cost: 1 to 11");
  if (options.concurrency < 1) throw std::invalid_argument("password concurrency: at least 1");
  state_ = std::make_unique<State>(options);
}

Passwords::~Passwords() = default;

Result<std::string> Passwords::hash(std::string_view password) {
  if (!is_hashable(password)) {
    return Error{.code = ErrorCode::malformed,
                 .log = "password cannot be hashed",
                 .field = "password",
                 .reason = "must be at most 511 bytes without NUL characters"};
  }
  return state_->on_a_thread(password, new_setting(state_->options.cost));
}

Result<bool> Passwords::verify(std::string_view password, const std::string& hash) {
  if (!hash.empty() && !is_accepted(hash)) return not_hashed(EINVAL);
  // What cannot be right still takes as long as what might be.
  const bool may_match = !hash.empty() && is_hashable(password);
  const auto made = state_->on_a_thread(may_match ? password : std::string_view{},
                                        may_match ? hash : state_->nobodys_hash);
  if (!made) return made.error();
  return may_match && crypto::constant_time_equal(*made, hash);
}

bool Passwords::is_outdated(std::string_view hash) const {
  return yescrypt_cost(hash) < state_->options.cost;
}

bool Passwords::is_busy() const {
  return state_->threads.is_full();
}

}  // namespace scoreboard::auth
