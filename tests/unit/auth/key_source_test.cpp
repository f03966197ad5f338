// SPDX-License-Identifier: Apache-2.0
#include "auth/key_source.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "auth/key_set.hpp"
#include "auth/key_watch.hpp"
#include "ops/log.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
namespace fs = std::filesystem;

namespace {

// What is logged here is what the end-to-end tests read.
struct Quiet {
  Quiet() { log::set_level(log::Level::error); }
  ~Quiet() { log::set_level(log::Level::info); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(key_source, *boost::unit_test::fixture<Quiet>())

namespace {

std::string jwks(const std::string& kid) {
  return R"({"keys":[{"kty":"oct","kid":")" + kid +
         R"(","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]})";
}

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "key-source-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path file() const { return path_ / "keys"; }
  void write(const std::string& text, ::mode_t mode = 0600) const {  // in place
    std::ofstream(file()) << text;
    ::chmod(file().c_str(), mode);
  }
  void replace(const std::string& text) const {  // by a whole new file
    const fs::path fresh = path_ / "fresh";
    std::ofstream(fresh) << text;
    ::chmod(fresh.c_str(), 0600);
    fs::rename(fresh, file());
  }

 private:
  fs::path path_;
};

// Counts how often the file's content was told.
struct Watched {
  explicit Watched(const Folder& folder)
      : source(folder.file(), Kept::secret, [this](std::string_view text) {
          ++parsed;
          return KeySet::parse(text);
        }) {}
  std::string kid() {
    source.look();
    const auto keys = source.current();
    return keys ? keys->first().id : "none";
  }
  int parsed = 0;
  KeySource<KeySet> source;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_replaced_file_is_read_and_an_unchanged_one_is_not) {
  const Folder folder;
  folder.write(jwks("one"));
  Watched watched(folder);
  BOOST_TEST(watched.kid() == "one");
  BOOST_TEST(watched.kid() == "one");
  BOOST_TEST(watched.parsed == 1);
  folder.replace(jwks("two"));
  BOOST_TEST(watched.kid() == "two");
  // In place, of the same size and, on kernels before 6.13, within one tick of their clock.
  for (const char* kid : {"aaa", "bbb", "ccc", "ddd", "eee"}) {
    folder.write(jwks(kid));
    BOOST_TEST(watched.kid() == kid);
  }
  BOOST_TEST(watched.parsed == 7);
}

BOOST_AUTO_TEST_CASE(what_is_no_good_set_changes_nothing_and_is_told_once) {
  const Folder folder;
  folder.write(jwks("one"));
  Watched watched(folder);
  for (const char* corrupt : {"", "{", "{}", R"({"keys":[]})"}) {
    folder.replace(corrupt);
    const int before = watched.parsed;
    BOOST_TEST(watched.kid() == "one");
    BOOST_TEST(watched.kid() == "one");
    BOOST_TEST(watched.parsed == before + 1);
  }
  fs::remove(folder.file());
  BOOST_TEST(watched.kid() == "one");
  folder.write(jwks("two"), 0644);
  BOOST_TEST(watched.kid() == "one");
  ::chmod(folder.file().c_str(), 0600);  // no byte changed
  BOOST_TEST(watched.kid() == "two");
  folder.replace("{");
  BOOST_TEST(watched.kid() == "two");
  folder.replace(jwks("two"));  // back to what it was
  BOOST_TEST(watched.kid() == "two");
}

BOOST_AUTO_TEST_CASE(keys_may_come_late) {
  const Folder folder;
  Watched watched(folder);
  BOOST_TEST(!watched.source);
  BOOST_TEST(watched.kid() == "none");
  folder.write(jwks("one"));
  BOOST_TEST(watched.kid() == "one");
  BOOST_TEST(bool(watched.source));
}

BOOST_AUTO_TEST_CASE(whoever_has_a_set_keeps_it) {
  const Folder folder;
  folder.write(jwks("one"));
  Watched watched(folder);
  const auto mine = watched.source.current();
  BOOST_TEST(watched.source.newer_than(mine) == nullptr);
  folder.replace(jwks("two"));
  const auto newer = watched.source.newer_than(mine);
  BOOST_TEST_REQUIRE(newer != nullptr);
  BOOST_TEST(newer->first().id == "two");
  BOOST_TEST(mine->first().id == "one");
  // Also when another thread was the one to read the file.
  BOOST_TEST(watched.source.newer_than(mine) == newer);
}

BOOST_AUTO_TEST_CASE(a_file_is_kept_as_its_content_asks) {
  const Folder folder;
  const auto readable_when = [&](Kept kept, ::mode_t mode) {
    folder.write(jwks("one"), mode);
    return bool(KeySource<KeySet>(folder.file(), kept, KeySet::parse));
  };
  BOOST_TEST(readable_when(Kept::secret, 0640));
  BOOST_TEST(!readable_when(Kept::secret, 0644));
  BOOST_TEST(readable_when(Kept::intact, 0644));
  BOOST_TEST(!readable_when(Kept::intact, 0646));
}

BOOST_AUTO_TEST_CASE(a_watch_looks_until_it_ends) {
  std::atomic<int> looks = 0;
  {
    const KeyWatch watch({[&] { ++looks; }, [&] { ++looks; }}, std::chrono::milliseconds{1});
    while (looks < 20) std::this_thread::yield();
  }
  const int last = looks;
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
  BOOST_TEST(looks == last);
}

BOOST_AUTO_TEST_CASE(a_watch_ends_at_once) {
  const auto began = std::chrono::steady_clock::now();
  { const KeyWatch watch({}, std::chrono::hours{1}); }
  BOOST_TEST((std::chrono::steady_clock::now() - began < std::chrono::seconds{5}));
}

// The thread sanitizer's run does not take this program; the address sanitizer's does.
BOOST_AUTO_TEST_CASE(threads_read_while_the_file_changes) {
  const Folder folder;
  folder.write(jwks("0"));
  Watched watched(folder);
  std::atomic<bool> end = false;
  std::vector<std::thread> readers;
  std::atomic<int> faults = 0;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!end) {
        const auto keys = watched.source.current();
        if (!keys || keys->all().size() != 1) ++faults;
        static_cast<void>(watched.source.newer_than(keys));
      }
    });
  }
  for (int i = 1; i <= 50; ++i) folder.replace(jwks(std::to_string(i)));
  end = true;
  for (auto& reader : readers) reader.join();
  BOOST_TEST(faults == 0);
  BOOST_TEST(watched.kid() == "50");
}

BOOST_AUTO_TEST_SUITE_END()
