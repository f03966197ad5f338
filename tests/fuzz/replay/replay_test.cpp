// SPDX-License-Identifier: Apache-2.0
// Every input of a corpus once more, without libFuzzer: corpus-NAME [options] -- DIRECTORY.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/property.hpp"

namespace {

std::vector<std::filesystem::path> inputs() {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  BOOST_REQUIRE_MESSAGE(suite.argc == 2, "needs a directory");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(suite.argv[1])) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// Of exactly the size of the file, so that a sanitizer sees a byte read beyond.
std::vector<std::uint8_t> contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
  BOOST_REQUIRE(stream.is_open() && !stream.bad());
  bytes.shrink_to_fit();
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_input_of_the_corpus_keeps_the_properties) {
  const auto files = inputs();
  BOOST_TEST(files.size() >= 10U);
  for (const auto& file : files) {
    const auto bytes = contents(file);
    try {
      BOOST_TEST(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()) == 0);
    } catch (const std::exception& fault) {
      BOOST_TEST(false, file << ": " << fault.what());
    }
  }
}
