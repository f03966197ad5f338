// SPDX-License-Identifier: Apache-2.0
#include "publish/trace_exporter.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ops/log.hpp"
#include "publish/curl_handle.hpp"
#include "publish/otlp_json.hpp"

namespace scoreboard::publish {
namespace {

constexpr std::chrono::milliseconds interval{1000};
constexpr long answer_within_ms = 2000;
constexpr std::chrono::seconds complaint_interval{60};

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

struct TraceExporter::State {
  State(trace::Spans& the_spans, Options the_options)
      : spans(the_spans), options(std::move(the_options)) {}

  trace::Spans& spans;
  Options options;
  std::string host = host_name();
  CurlHandle curl{curl_easy_init()};
  CurlList headers{curl_slist_append(nullptr, "Content-Type: application/json")};
  std::chrono::steady_clock::time_point complained{};
  std::int64_t lost = 0;  // since the last complaint

  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  std::thread thread;

  // Empty if it was taken.
  std::string post(const std::string& body) {
    if (!curl) return "out of memory";
    curl_easy_reset(curl.get());  // keeps the connection
    curl_easy_setopt(curl.get(), CURLOPT_URL, options.endpoint.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, answer_within_ms);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, ignore);
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) return curl_easy_strerror(code);
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    return status / 100 == 2 ? "" : "status " + std::to_string(status);
  }

  void send() {
    trace::Spans::Taken taken = spans.take();
    lost += taken.dropped;
    std::string reason = taken.dropped > 0 ? "more than could wait" : "";
    if (!taken.spans.empty()) {
      const std::string refused = post(otlp_json(taken.spans, host, options.version));
      if (!refused.empty()) {
        lost += static_cast<std::int64_t>(taken.spans.size());
        reason = refused;
      }
    }
    const auto now = std::chrono::steady_clock::now();
    if (lost == 0 || reason.empty() || now - complained < complaint_interval) return;
    log::write(log::Level::warning, "spans_lost", {{"spans", lost}, {"reason", reason}});
    complained = now;
    lost = 0;
  }

  void run() {
    for (bool last = false; !last;) {
      {
        std::unique_lock lock(mutex);
        last = stopped.wait_for(lock, interval, [this] { return stopping; });
      }
      send();
    }
  }
};

TraceExporter::TraceExporter(trace::Spans& spans, Options options)
    : state_(std::make_unique<State>(spans, std::move(options))) {
  state_->thread = std::thread([this] { state_->run(); });
}

TraceExporter::~TraceExporter() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->stopped.notify_all();
  state_->thread.join();
}

}  // namespace scoreboard::publish
