// SPDX-License-Identifier: Apache-2.0
#include "server/fcgi_server.hpp"

#include <sys/socket.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "unit/server/fcgi_client.hpp"

using namespace scoreboard;
using namespace scoreboard::test;
using namespace std::chrono_literals;
using server::FcgiServer;

namespace {

http::Response echo(const http::Request& request) {
  http::Response response{.headers = {{"X-Length-Wrong", request.body_length_wrong ? "1" : "0"}}};
  response.status = request.body_too_large ? 413 : 200;
  response.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
  return response;
}

FcgiServer::Options options(const Listener& listener, int threads) {
  return {.listener = listener.number(), .threads = threads, .body_bytes_max = 8192};
}

Params get(std::string path) {
  return {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", std::move(path)}, {"CONTENT_LENGTH", ""}};
}

Params post(std::string length) {
  return {{"REQUEST_METHOD", "POST"},
          {"DOCUMENT_URI", "/p"},
          {"CONTENT_TYPE", "application/json"},
          {"CONTENT_LENGTH", std::move(length)}};
}

bool length_wrong(const Answer& answer) {
  return answer.head.find("X-Length-Wrong: 1\r\n") != std::string::npos;
}

// A door that a handler waits at until the test opens it.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void wait_for(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= waiting; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fcgi_server, *boost::unit_test::timeout(60))

BOOST_AUTO_TEST_CASE(a_get_is_answered) {
  const Listener listener;
  FcgiServer server(options(listener, 2), echo);
  auto params = get("/x");
  params["QUERY_STRING"] = "a=1";
  const Answer answer = ask(listener, params);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.body == "GET /x?a=1 ");
  BOOST_TEST(answer.ended);
  BOOST_TEST(!length_wrong(answer));
}

BOOST_AUTO_TEST_CASE(it_stands_still_when_every_thread_is_held_and_moves_again_when_one_gets_free) {
  const Listener listener;
  Gate gate;
  FcgiServer server(options(listener, 1), [&](const http::Request& request) {
    gate.pass();
    return echo(request);
  });
  std::this_thread::sleep_for(1200ms);
  BOOST_TEST((server.still_for() < 1s));  // idle, and moving
  auto held = std::async(std::launch::async, [&] { return ask(listener, get("/held")); });
  gate.wait_for(1);
  std::this_thread::sleep_for(1200ms);
  BOOST_TEST((server.still_for() > 1s));
  gate.open();
  BOOST_TEST(held.get().status == 200);
  std::this_thread::sleep_for(100ms);
  BOOST_TEST((server.still_for() < 1s));
}

BOOST_AUTO_TEST_CASE(a_post_carries_its_body_up_to_the_limit_and_not_one_byte_more) {
  const Listener listener;
  FcgiServer server(options(listener, 2), echo);
  const Answer whole = ask(listener, post("8192"), std::string(8192, 'x'));
  BOOST_TEST(whole.status == 200);
  BOOST_TEST(whole.body == "POST /p? " + std::string(8192, 'x'));
  const Answer above = ask(listener, post("8193"), std::string(8193, 'x'));
  BOOST_TEST(above.status == 413);
  BOOST_TEST(above.body == "POST /p? ");
  BOOST_TEST(above.ended);
}

BOOST_AUTO_TEST_CASE(a_large_body_is_refused_and_the_answer_arrives) {
  const Listener listener;
  FcgiServer server(options(listener, 2), echo);
  for (const std::size_t size : {100'000u, 1'000'000u, 3'000'000u}) {
    const Answer answer = ask(listener, post(std::to_string(size)), std::string(size, 'x'));
    BOOST_TEST(answer.status == 413, size);
  }
  BOOST_TEST(ask(listener, get("/after")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_large_answer_arrives_whole) {
  const Listener listener;
  const std::string large(1'000'000, 'y');
  FcgiServer server(options(listener, 1),
                    [&](const http::Request&) { return http::Response{.body = large}; });
  BOOST_TEST((ask(listener, get("/large")).body == large));
}

BOOST_AUTO_TEST_CASE(a_declared_length_that_is_a_lie_is_noticed) {
  const Listener listener;
  FcgiServer server(options(listener, 2), echo);
  for (const char* lie :
       {"", "0", "1", "4", "6", "8192", "-1", "5x", "+5", "999999999999999999999"}) {
    const Answer answer = ask(listener, post(lie), "12345");
    BOOST_TEST(answer.status == 200, lie);
    BOOST_TEST(length_wrong(answer), lie);
  }
  BOOST_TEST(!length_wrong(ask(listener, post("5"), "12345")));
  BOOST_TEST(ask(listener, post("8193"), "12345").status == 413);
}

BOOST_AUTO_TEST_CASE(keep_alive_is_not_granted) {
  const Listener listener;
  FcgiServer server(options(listener, 1), echo);
  const auto connection = listener.connect();
  send_bytes(connection, begin_record(true) + params_records(get("/k")) + stdin_records(""));
  BOOST_TEST(parse_answer(receive_all(connection)).body == "GET /k? ");
}

BOOST_AUTO_TEST_CASE(a_broken_stream_is_dropped_and_the_worker_lives) {
  const Listener listener;
  std::atomic<int> handled = 0;
  FcgiServer server(options(listener, 1), [&](const http::Request& request) {
    ++handled;
    return echo(request);
  });
  const std::string head = begin_record() + params_records(post("100"));
  const std::string good = whole_request(post("100"), std::string(100, 'x'));
  for (const std::string& broken :
       {std::string(), std::string(1, '\1'), std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string(64, '\xff'), begin_record(), begin_record().substr(0, 9), head,
        head + stdin_records(std::string(50, 'x')).substr(0, 30), good.substr(0, good.size() - 9),
        begin_record(false, 2) + params_records(get("/authorizer"))}) {
    const auto connection = listener.connect();
    send_bytes(connection, broken);
    shutdown(connection.get(), SHUT_WR);
    BOOST_TEST(parse_answer(receive_all(connection)).status == 0);
  }
  BOOST_TEST(handled == 0);
  BOOST_TEST(ask(listener, get("/alive")).status == 200);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_before_its_answer_harms_nobody) {
  const Listener listener;
  Gate gate;
  FcgiServer server(options(listener, 1), [&](const http::Request& request) {
    if (request.path == "/wait") gate.pass();
    return http::Response{.body = std::string(1'000'000, 'z')};
  });
  {
    const auto connection = listener.connect();
    send_bytes(connection, whole_request(get("/wait")));
    gate.wait_for(1);
  }
  gate.open();
  BOOST_TEST(ask(listener, get("/alive")).status == 200);
}

BOOST_AUTO_TEST_CASE(two_hundred_parallel_requests_each_get_their_own_answer) {
  const Listener listener;
  FcgiServer server(options(listener, 8), echo);
  std::vector<std::future<std::string>> asked;
  for (std::size_t i = 0; i < 200; ++i) {
    asked.push_back(std::async(std::launch::async, [&listener, i] {
      return ask(listener, post(std::to_string(1 + i * 10)), std::string(1 + i * 10, 'p')).body;
    }));
  }
  for (std::size_t i = 0; i < 200; ++i) {
    BOOST_TEST((asked[i].get() == "POST /p? " + std::string(1 + i * 10, 'p')), i);
  }
}

BOOST_AUTO_TEST_CASE(what_no_thread_is_free_for_is_left_to_another_worker) {
  const Listener listener;
  Gate gate;
  FcgiServer busy(options(listener, 2), [&](const http::Request& request) {
    gate.pass();
    return echo(request);
  });
  auto first = std::async(std::launch::async, [&] { return ask(listener, get("/1")); });
  auto second = std::async(std::launch::async, [&] { return ask(listener, get("/2")); });
  gate.wait_for(2);
  auto third = std::async(std::launch::async, [&] { return ask(listener, get("/3")); });
  BOOST_TEST((third.wait_for(50ms) == std::future_status::timeout));
  FcgiServer other(options(listener, 1), echo);
  BOOST_TEST((third.wait_for(5s) == std::future_status::ready));
  gate.open();
  BOOST_TEST(third.get().body == "GET /3? ");
  BOOST_TEST(first.get().status == 200);
  BOOST_TEST(second.get().status == 200);
}

BOOST_AUTO_TEST_CASE(stop_finishes_what_a_handler_has_in_hand) {
  const Listener listener;
  Gate gate;
  FcgiServer server(options(listener, 2), [&](const http::Request& request) {
    gate.pass();
    return echo(request);
  });
  auto asked = std::async(std::launch::async, [&] { return ask(listener, get("/last")); });
  gate.wait_for(1);
  auto stopped = std::async(std::launch::async, [&] { server.stop(); });
  // Longer than the grace after which connections are read from no more: the answer must survive.
  BOOST_TEST((stopped.wait_for(1200ms) == std::future_status::timeout));
  gate.open();
  BOOST_TEST(asked.get().body == "GET /last? ");
  stopped.get();
  server.stop();
}

BOOST_AUTO_TEST_CASE(stop_leaves_what_was_not_accepted_to_the_next_worker) {
  const Listener listener;
  {
    FcgiServer server(options(listener, 1), echo);
    BOOST_TEST(ask(listener, get("/1")).status == 200);
    server.stop();
  }
  auto waiting = std::async(std::launch::async, [&] { return ask(listener, get("/2")); });
  BOOST_TEST((waiting.wait_for(50ms) == std::future_status::timeout));
  FcgiServer next(options(listener, 1), echo);
  BOOST_TEST(waiting.get().body == "GET /2? ");
}

BOOST_AUTO_TEST_CASE(stop_does_not_wait_for_idle_or_half_sent_requests) {
  const Listener listener;
  FcgiServer server(options(listener, 4), echo);
  const auto idle = listener.connect();
  const auto half_params = listener.connect();
  send_bytes(half_params, begin_record() + params_records(get("/x")).substr(0, 12));
  const auto half_body = listener.connect();
  send_bytes(half_body, begin_record() + params_records(post("100")) +
                            stdin_records(std::string(50, 'x')).substr(0, 58));
  std::this_thread::sleep_for(100ms);
  const auto began = std::chrono::steady_clock::now();
  server.stop();
  BOOST_TEST((std::chrono::steady_clock::now() - began < 3s));
  for (const auto* connection : {&idle, &half_params, &half_body}) {
    BOOST_TEST(parse_answer(receive_all(*connection)).status == 0);
  }
}

BOOST_AUTO_TEST_CASE(stop_without_work_is_quick) {
  const Listener listener;
  FcgiServer server(options(listener, 64), echo);
  const auto began = std::chrono::steady_clock::now();
  server.stop();
  BOOST_TEST((std::chrono::steady_clock::now() - began < 500ms));
}

BOOST_AUTO_TEST_SUITE_END()
