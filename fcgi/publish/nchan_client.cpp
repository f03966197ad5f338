// SPDX-License-Identifier: Apache-2.0
#include "publish/nchan_client.hpp"

#include <mutex>

#include "json/value.hpp"
#include "publish/curl_handle.hpp"

namespace scoreboard::publish {
namespace {

struct Answer {
  long status = 0;
  std::string body;
};

// Nchan tells of a channel in some hundred bytes. What goes on beyond this is not Nchan, and within
// its second it could fill a memory.
constexpr std::size_t answer_bytes_max = 65536;

// Less than it was given makes curl give up.
std::size_t append(char* data, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > answer_bytes_max) return 0;
  body.append(data, size * count);
  return size * count;
}

Error refused(std::string log) {
  return {.code = ErrorCode::unavailable, .log = "nchan: " + std::move(log)};
}

std::int64_t member(const json::Value& value, std::string_view key) {
  const auto found = value.find(key);
  return found && found->is_integer() ? found->integer() : 0;
}

curl_slist* common_headers() {
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  list = curl_slist_append(list, "Accept: text/json");
  return curl_slist_append(list, "Expect:");
}

}  // namespace

struct NchanClient::Handle {
  std::string socket;
  CurlHandle curl;
  CurlList headers;
  CurlList pulse_headers;

  Result<void> publish(std::string_view channel, const std::string& message,
                       curl_slist* with_headers) {
    auto answer = ask("POST", "/channel/" + std::string(channel), &message, with_headers);
    if (!answer) return std::move(answer).error();
    if (answer->status == 201 || answer->status == 202) return {};
    return refused("status " + std::to_string(answer->status));
  }

  Result<Answer> call(const char* method, std::string_view channel) {
    return ask(method, "/channel/" + std::string(channel), nullptr, headers.get());
  }

  Result<Answer> ask(const char* method, const std::string& path, const std::string* body,
                     curl_slist* with_headers) {
    if (!curl) return refused("out of memory");
    CURL* handle_now = curl.get();
    curl_easy_reset(handle_now);  // keeps the connection
    Answer answer;
    const std::string url = "http://nchan" + path;
    curl_easy_setopt(handle_now, CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
    curl_easy_setopt(handle_now, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_now, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(handle_now, CURLOPT_HTTPHEADER, with_headers);
    curl_easy_setopt(handle_now, CURLOPT_TIMEOUT_MS, 1000L);
    curl_easy_setopt(handle_now, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_now, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(handle_now, CURLOPT_WRITEDATA, &answer.body);
    if (body) {
      curl_easy_setopt(handle_now, CURLOPT_POSTFIELDS, body->data());
      curl_easy_setopt(handle_now, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(body->size()));
    }
    const CURLcode code = curl_easy_perform(handle_now);
    if (code != CURLE_OK) return refused(curl_easy_strerror(code));
    curl_easy_getinfo(handle_now, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
  }
};

NchanClient::NchanClient(const std::filesystem::path& socket) : handle_(new Handle{}) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  handle_->socket = socket.string();
  handle_->curl.reset(curl_easy_init());
  handle_->headers.reset(common_headers());
  handle_->pulse_headers.reset(curl_slist_append(common_headers(), "X-EventSource-Event: pulse"));
}

NchanClient::~NchanClient() = default;
NchanClient::NchanClient(NchanClient&&) noexcept = default;
NchanClient& NchanClient::operator=(NchanClient&&) noexcept = default;

Result<void> NchanClient::publish(std::string_view channel, const std::string& message) {
  return handle_->publish(channel, message, handle_->headers.get());
}

Result<void> NchanClient::pulse() {
  return handle_->publish("pulse", R"({"type":"pulse"})", handle_->pulse_headers.get());
}

Result<ChannelState> NchanClient::state(std::string_view channel) {
  auto answer = handle_->call("GET", channel);
  if (!answer) return std::move(answer).error();
  if (answer->status == 404) return ChannelState{};
  if (answer->status != 200) return refused("status " + std::to_string(answer->status));
  auto value = json::parse(answer->body);
  if (!value) return refused("an answer that is no JSON");
  return ChannelState{member(*value, "messages"), member(*value, "subscribers")};
}

Result<NchanStatus> NchanClient::status() {
  auto answer = handle_->ask("GET", "/status", nullptr, handle_->headers.get());
  if (!answer) return std::move(answer).error();
  if (answer->status != 200) return refused("status " + std::to_string(answer->status));
  const auto status = parse_nchan_status(answer->body);
  if (!status) return refused("a status page that is none of Nchan's");
  return *status;
}

Result<void> NchanClient::remove(std::string_view channel) {
  auto answer = handle_->call("DELETE", channel);
  if (!answer) return std::move(answer).error();
  if (answer->status == 200 || answer->status == 404) return {};
  return refused("status " + std::to_string(answer->status));
}

}  // namespace scoreboard::publish
