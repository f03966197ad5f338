// SPDX-License-Identifier: Apache-2.0
// Nchan's publisher endpoint on the live Nginx's unix socket: POST, GET and DELETE of
// /channel/<id>, and its status. Keeps one connection alive; every call is bounded by a second and
// every answer by 64 KiB. Not thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "outcome/result.hpp"
#include "publish/nchan_status.hpp"

namespace scoreboard::publish {

struct ChannelState {
  std::int64_t messages = 0;  // kept for newcomers
  std::int64_t subscribers = 0;
};

class NchanClient {
 public:
  explicit NchanClient(const std::filesystem::path& socket);
  ~NchanClient();
  NchanClient(const NchanClient&) = delete;
  NchanClient& operator=(const NchanClient&) = delete;
  NchanClient(NchanClient&&) noexcept;
  NchanClient& operator=(NchanClient&&) noexcept;

  // unavailable when Nchan does not answer or refuses.
  Result<void> publish(std::string_view channel, const std::string& message);
  // To event streams it is an event of the name `pulse`, which EventSource's onmessage is not told
  // of.
  Result<void> pulse();
  // A channel that does not exist has no messages and no subscribers.
  Result<ChannelState> state(std::string_view channel);
  Result<NchanStatus> status();
  // Closes every subscriber of the channel.
  Result<void> remove(std::string_view channel);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace scoreboard::publish
