// SPDX-License-Identifier: Apache-2.0
// What goes into the commit queue and what comes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/ids.hpp"
#include "board/periods.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard {

// The two wire contracts share one board and one set of rules; they differ in what a repeated
// action id is answered.
enum class Contract : std::uint8_t {
  update,     // A: POST /api/scores/update; a repeat is DUPLICATE_ACTION
  increment,  // B: POST /api/scores/increment; a repeat gets its receipt again
};

// Where an action came from, kept with the event for audits. Not part of any decision.
struct Provenance {
  std::string address = {};
  std::string user_agent = {};
  std::string device_id = {};
};

// An action whose caller, signature and time window were verified. `points` are the server's.
struct Award {
  UserId user;
  SessionId session;  // checked in the same transaction: an ended session scores nothing
  ActionId action;
  Contract contract = Contract::update;
  // What the client asked for, in one canonical line ("update COMPLETE_TASK", "increment 5"):
  // contract B refuses a repeated id whose payload differs.
  std::string payload;
  Points points;
  RequestId request;
  Provenance provenance = {};
  // Of a trace that is recorded (ops/trace_context.hpp); empty otherwise. Passed on, never stored.
  std::string traceparent = {};
};

// Beyond this limit nobody is told how much is left: it would be read with every award.
constexpr int allowance_told_max = 100;

struct AwardRules {
  int limit = 10;                   // at most this many awards of one player ...
  std::chrono::seconds window{60};  // ... in any window of this length; exact, sliding
  // On which boards an action counts besides the all-time one, and where their periods begin.
  std::vector<Board> boards = {};
  std::shared_ptr<const Calendar> calendar = std::make_shared<UtcCalendar>();
};

// What one action did on one board besides the all-time one.
struct PeriodReceipt {
  Period period;
  Score previous;
  Score current;
  Rank rank;
};

// Stored with the event and handed out again for as long as the event is kept.
struct Receipt {
  UserId user;
  Points points;
  Score previous;  // all-time, like `current` and `rank`
  Score current;
  Rank rank;  // at the moment of (seq, position)
  Reached reached;
  Timestamp accepted_at;
  std::vector<PeriodReceipt> periods = {};
};

struct Standing {
  Rank rank;
  UserId user;
  std::string username;
  std::string display_name;
  Score score;
  Reached reached;
  Timestamp reached_at;  // when journal entry reached.seq() was committed
};

enum class Verdict : std::uint8_t {
  awarded,        // counted now
  replayed,       // counted before; `receipt` is the stored one
  duplicate,      // contract A: counted before by another request; `receipt` is the stored one
  conflict,       // contract B: the id was used with another payload
  rate_limited,   // `retry_after` until one more fits into the window
  session_ended,  // logged out, revoked or expired
};

// A player's allowance right after a decision.
struct Allowance {
  int remaining = 0;                // further actions that would count just now
  std::chrono::seconds more_in{0};  // until there is one more of them; 0: there are all

  bool operator==(const Allowance&) const = default;
};

struct AwardOutcome {
  Verdict verdict = Verdict::session_ended;
  Receipt receipt = {};
  std::chrono::seconds retry_after{0};
  // Empty for an ended session and, unless rate_limited, where the limit is above
  // allowance_told_max.
  std::optional<Allowance> allowance = {};
  // The rule of the allowance by which this was decided: it may change while we run.
  int limit = 0;
  std::chrono::seconds window{0};
  // The top ten right after the receipt's journal entry, if that entry changed it; the same on
  // every replay.
  std::vector<Standing> top = {};
};

}  // namespace scoreboard
