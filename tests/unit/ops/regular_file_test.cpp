// SPDX-License-Identifier: Apache-2.0
#include "ops/regular_file.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(regular_file)

namespace {

struct Scratch {
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "regular-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path holding(const std::string& text) const {
    std::ofstream(path / "file", std::ios::binary) << text;
    return path / "file";
  }

  std::filesystem::path path;
};

std::string reason(const std::filesystem::path& file) {
  const auto opened = RegularFile::open(file);
  return opened ? "" : opened.error().log;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_read_whole_and_again) {
  const Scratch scratch;
  const auto file = RegularFile::open(scratch.holding(std::string("a\0b", 3)));
  BOOST_REQUIRE(file);
  for (int time = 0; time < 2; ++time) {
    const auto bytes = file->read(1024);
    BOOST_REQUIRE(bytes);
    BOOST_TEST(std::string(bytes->begin(), bytes->end()) == std::string("a\0b", 3));
  }
  BOOST_TEST(S_ISREG(file->mode()));
}

BOOST_AUTO_TEST_CASE(a_file_of_just_the_size_is_read_and_one_byte_more_is_refused) {
  const Scratch scratch;
  const auto just = RegularFile::open(scratch.holding(std::string(2048, 'x')));
  BOOST_TEST(just->read(2048)->size() == 2048U);
  const auto more = RegularFile::open(scratch.holding(std::string(2049, 'x')));
  const auto refused = more->read(2048);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().log == "above 2 KiB");
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused_at_once) {
  const Scratch scratch;
  BOOST_TEST(reason(scratch.path) == "not a regular file");
  BOOST_TEST(reason("/dev/zero") == "not a regular file");
  BOOST_REQUIRE(mkfifo((scratch.path / "pipe").c_str(), 0600) == 0);
  BOOST_TEST(reason(scratch.path / "pipe") == "not a regular file");
  BOOST_TEST(reason(scratch.path / "nothing") == "No such file or directory");
}

BOOST_AUTO_TEST_CASE(one_file_has_many_spellings) {
  const Scratch scratch;
  const auto file = scratch.holding("x");
  std::filesystem::create_symlink("file", scratch.path / "link");
  std::filesystem::create_directory(scratch.path / "below");
  std::ofstream(scratch.path / "copy") << "x";
  BOOST_TEST(same_file(file, scratch.path / "below/..//file"));
  BOOST_TEST(same_file(file, scratch.path / "link"));
  BOOST_TEST(!same_file(file, scratch.path / "copy"));
  // What is not there yet.
  std::filesystem::create_directory_symlink("below", scratch.path / "there");
  BOOST_TEST(same_file(scratch.path / "below/new", scratch.path / "there/./new"));
  BOOST_TEST(!same_file(scratch.path / "below/new", scratch.path / "new"));
}

BOOST_AUTO_TEST_SUITE_END()
