// SPDX-License-Identifier: Apache-2.0
#include "store/first_look.hpp"

#include "store/fault.hpp"
#include "store/migrations.hpp"

namespace scoreboard::store {

void FirstLook::at(Connection& connection) {
  if (good_) return;
  try {
    auto known = check_schema(connection);
    if (known) {
      good_ = true;
      return;
    }
    refuse(known.error());
    throw DriverFault(std::move(known).error(), FaultKind::connection);
  } catch (const DriverFault& fault) {
    // What is unavailable may be asked again.
    if (fault.error().code != ErrorCode::unavailable) refuse(fault.error());
    throw;
  }
}

void FirstLook::refuse(const Error& why) {
  if (!refused_.exchange(true) && tell_) tell_(why);
}

}  // namespace scoreboard::store
