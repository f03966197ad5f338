// SPDX-License-Identifier: Apache-2.0
// The workers' sockets on this host: worker-N.sock in the runtime directory.
#pragma once

#include <filesystem>
#include <map>
#include <system_error>

namespace scoreboard::doctor {

// By N. `fault` says why the directory could not be read to its end.
std::map<int, std::filesystem::path> worker_sockets(const std::filesystem::path& runtime_directory,
                                                    std::error_code& fault);

}  // namespace scoreboard::doctor
