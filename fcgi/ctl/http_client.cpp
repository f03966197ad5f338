// SPDX-License-Identifier: Apache-2.0
#include "ctl/http_client.hpp"

#include <curl/curl.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace scoreboard::ctl {
namespace {

constexpr long connect_timeout_ms = 3000;
constexpr long whole_timeout_ms = 10000;
constexpr std::size_t body_bytes_max = 1 << 20;  // no answer of the API comes near

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

void append(List& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

extern "C" std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + count > body_bytes_max) return 0;
  body.append(bytes, count);
  return count;
}

}  // namespace

struct HttpClient::State {
  std::string base_url;
  std::unique_ptr<CURL, EasyDeleter> easy;
};

HttpClient::HttpClient(std::string base_url) : state_(std::make_unique<State>()) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  while (base_url.ends_with('/')) base_url.pop_back();
  state_->base_url = std::move(base_url);
  state_->easy.reset(curl_easy_init());
  if (!state_->easy) throw std::runtime_error("libcurl cannot be initialised");
}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::post_json(std::string_view path, const std::string& body,
                                 const std::vector<std::string>& headers) {
  CURL* const easy = state_->easy.get();
  curl_easy_reset(easy);  // forgets the options, keeps the connection
  List lines;
  append(lines, "Content-Type: application/json");
  append(lines, "Accept: application/json");
  for (const std::string& line : headers) append(lines, line);

  HttpAnswer answer;
  std::array<char, CURL_ERROR_SIZE> trouble{};
  const std::string url = state_->base_url + std::string(path);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "scoreboardctl-demo");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, whole_timeout_ms);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, trouble.data());

  const CURLcode result = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (result != CURLE_OK) {
    answer.trouble = trouble[0] != '\0' ? trouble.data() : curl_easy_strerror(result);
    return answer;
  }
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
  answer.status = static_cast<int>(status);
  if (retry_after > 0) answer.retry_after = std::chrono::seconds{retry_after};
  return answer;
}

}  // namespace scoreboard::ctl
