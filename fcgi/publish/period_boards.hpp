// SPDX-License-Identifier: Apache-2.0
// The boards of the day, the week and the month for those who watch them: channels board-day,
// board-week and board-month. Nobody opens a period: when the calendar says that a new one runs,
// its board is read, and is empty until somebody scores. Belongs to the publisher's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "board/periods.hpp"
#include "store/store.hpp"

namespace scoreboard::publish {

class PeriodBoards {
 public:
  // Sends a message to a channel; false if it did not arrive.
  using Send = std::function<bool(const std::string& channel, const std::string& message)>;

  PeriodBoards(Store& store, const std::vector<Board>& boards,
               std::shared_ptr<const Calendar> calendar);

  // After news, when a period began, and when the last reading failed: reads. Publishes what is not
  // what was published last. True if anything was.
  bool look(bool news, Timestamp now, const Send& send);
  // The channel lost what it held.
  void lost(const std::string& channel);
  std::vector<std::string> channels() const;

 private:
  struct Shown {
    Period period;
    std::string channel;
    bool stale = true;  // the journal is ahead of `message`
    std::string message;
    std::string published;
  };

  void read(Shown& shown);

  Store& store_;
  std::shared_ptr<const Calendar> calendar_;
  std::vector<Shown> boards_;
};

}  // namespace scoreboard::publish
