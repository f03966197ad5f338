// SPDX-License-Identifier: Apache-2.0
// OpenSSL fails only when memory runs out, the library is broken or we call it wrongly. None of
// that is a refusal, so it is thrown.
#pragma once

namespace scoreboard::crypto {

// Throws std::runtime_error naming the step and OpenSSL's first reason; empties its error queue,
// which would otherwise be blamed on the next caller of this thread.
[[noreturn]] void throw_openssl_fault(const char* step);

}  // namespace scoreboard::crypto
