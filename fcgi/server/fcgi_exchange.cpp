// SPDX-License-Identifier: Apache-2.0
#include "server/fcgi_exchange.hpp"

#include <fcgiapp.h>
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <string>

#include "ops/clock.hpp"
#include "ops/log.hpp"
#include "ops/masked_address.hpp"
#include "server/cgi_params.hpp"
#include "server/cgi_response.hpp"

namespace scoreboard::server {
namespace {

// Nginx turns larger bodies away long before this (client_max_body_size); beyond it the sender is
// no Nginx of ours and gets a lingering close instead of our patience.
constexpr std::int64_t drained_bytes_max = 1 << 20;
// A path is the client's own text: enough of it to recognise, not enough to flood the log.
constexpr std::size_t logged_path_bytes_max = 256;

// libfcgi's request on a duplicate of the connection, so that libfcgi's closing it never frees the
// number under which the owner still knows the connection.
class Parsed {
 public:
  explicit Parsed(int connection) {
    FCGX_InitRequest(&request_, -1, 0);  // no listener: on a protocol error it returns, not waits
    request_.ipcFd = fcntl(connection, F_DUPFD_CLOEXEC, 3);
    if (request_.ipcFd < 0) throw std::runtime_error("cannot duplicate a connection");
    request_.keepConnection = 1;  // or FCGX_Accept_r would first close the descriptor just set
    request_.detached = 1;        // close without lingering while there is nothing to be lost
    good_ = FCGX_Accept_r(&request_) == 0;
    request_.keepConnection = 0;  // whatever the peer asked for: one connection, one request
  }
  ~Parsed() { FCGX_Finish_r(&request_); }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  bool good() const { return good_; }
  FCGX_Request& operator*() { return request_; }
  FCGX_Request* operator->() { return &request_; }

 private:
  FCGX_Request request_{};
  bool good_ = false;
};

// Both streams are closed in this order so that answer and end of request are one write().
bool send(FCGX_Request& fcgi, const std::string& document) {
  const bool buffered =
      FCGX_PutStr(document.data(), static_cast<int>(document.size()), fcgi.out) >= 0;
  FCGX_FClose(fcgi.err);
  return FCGX_FClose(fcgi.out) == 0 && buffered;
}

struct Body {
  std::string bytes;
  std::int64_t arrived = 0;
  bool drained = false;  // the end was reached
  bool broken = false;   // connection or protocol failed before the end
};

// Keeps up to `limit` bytes and reads on to the end, within reason.
Body read_body(FCGX_Stream* in, std::int64_t limit) {
  Body body;
  std::array<char, 8192> buffer{};
  while (body.arrived <= limit + drained_bytes_max) {
    const int got = FCGX_GetStr(buffer.data(), static_cast<int>(buffer.size()), in);
    body.arrived += got;
    if (body.arrived <= limit) body.bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (got < static_cast<int>(buffer.size())) {
      body.broken = FCGX_GetError(in) != 0;
      body.drained = !body.broken;
      break;
    }
  }
  return body;
}

void log_dropped(std::string_view reason, std::string_view request_id = {}) {
  log::write(log::Level::warning, "connection_dropped",
             {{"request_id", request_id}, {"reason", reason}});
}

void log_answered(const http::Request& request, const http::Response& response,
                  std::chrono::steady_clock::time_point began, bool sent) {
  using std::chrono::microseconds;
  const auto duration =
      std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - began);
  const std::string address = masked_address(request.remote_address);
  log::write(response.status >= 500 ? log::Level::warning : log::Level::info, "request",
             {{"request_id", request.request_id},
              {"trace_id", request.trace.trace_id},
              {"method", std::string_view(request.method).substr(0, 16)},
              {"path", std::string_view(request.path).substr(0, logged_path_bytes_max)},
              {"status", std::int64_t{response.status}},
              {"code", response.log_code},
              {"reason", response.log_reason},
              {"duration_us", std::int64_t{duration.count()}},
              {"bytes", static_cast<std::int64_t>(response.body.size())},
              {"address", address},
              {"sent", sent}});
}

http::Request with_body(CgiRequest cgi, Body body, std::int64_t limit) {
  http::Request request = std::move(cgi.request);
  request.received_at = SystemClock{}.now();
  const bool declared_above = cgi.body_bytes_declared && *cgi.body_bytes_declared > limit;
  request.body_too_large = declared_above || body.arrived > limit;
  // A body that was not read to its end cannot be compared; it is too large in any case.
  request.body_length_wrong =
      !cgi.body_bytes_declared || (body.drained && *cgi.body_bytes_declared != body.arrived);
  if (!request.body_too_large) request.body = std::move(body.bytes);
  return request;
}

}  // namespace

void prepare_libfcgi() {
  static std::once_flag once;
  std::call_once(once, [] {
    constexpr std::array touched{SIGPIPE, SIGUSR1, SIGTERM};
    std::array<struct sigaction, touched.size()> before{};
    for (std::size_t i = 0; i < touched.size(); ++i) sigaction(touched[i], nullptr, &before[i]);
    if (FCGX_Init() != 0) throw std::runtime_error("libfcgi cannot be initialised");
    for (std::size_t i = 0; i < touched.size(); ++i) sigaction(touched[i], &before[i], nullptr);
  });
}

void serve(int connection, const FcgiServer::Options& options, const FcgiServer::Handler& handler) {
  Parsed fcgi(connection);
  const auto began = std::chrono::steady_clock::now();
  if (!fcgi.good()) return log_dropped("no FastCGI request arrived");
  CgiRequest cgi = read_cgi_params(fcgi->envp);
  const RequestTrace traced(options.tracing, cgi);
  Body body = read_body(fcgi->in, options.body_bytes_max);
  if (body.broken) return log_dropped("the body broke off", cgi.request.request_id);
  // With something unread, libfcgi shall linger: closing at once would destroy the answer.
  if (!body.drained) fcgi->detached = 0;

  const http::Request request = with_body(std::move(cgi), std::move(body), options.body_bytes_max);
  const http::Response response = handler(request);
  const bool sent = send(*fcgi, cgi_document(response));
  traced.end(request, response);
  log_answered(request, response, began, sent);
}

}  // namespace scoreboard::server
