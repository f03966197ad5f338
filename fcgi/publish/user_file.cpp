// SPDX-License-Identifier: Apache-2.0
#include "publish/user_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sstream>
#include <system_error>

namespace scoreboard::publish {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// Whoever locked before may have removed the file that this descriptor still names.
bool still_named(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return fstat(descriptor, &opened) == 0 && stat(file.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

UserFile::UserFile(const std::filesystem::path& file) : file_(file) {
  for (;;) {
    descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor_ < 0) fail("connection file");
    if (flock(descriptor_, LOCK_EX) == 0 && still_named(descriptor_, file)) return;
    close(descriptor_);
  }
}

UserFile::~UserFile() {
  close(descriptor_);
}

std::vector<OpenConnection> UserFile::read() const {
  std::string text;
  std::array<char, 4096> chunk{};
  ssize_t got = 0;
  while ((got = pread(descriptor_, chunk.data(), chunk.size(), static_cast<off_t>(text.size()))) >
         0) {
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  std::vector<OpenConnection> connections;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string id;
    std::string session;
    std::int64_t opened_at = 0;
    if (!(words >> id >> opened_at)) continue;
    words >> session;  // an older worker wrote none
    connections.push_back({id, from_micros(opened_at), SessionId{session}});
  }
  return connections;
}

void UserFile::write(const std::vector<OpenConnection>& connections) {
  std::string text;
  for (const OpenConnection& connection : connections) {
    text += connection.id + ' ' + std::to_string(to_micros(connection.opened_at)) + ' ' +
            connection.session.str() + '\n';
  }
  if (text.empty()) {
    unlink(file_.c_str());
    return;
  }
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    fail("connection file");
  }
}

}  // namespace scoreboard::publish
