// SPDX-License-Identifier: Apache-2.0
#include "auth/key_set.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base64url.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(key_set)

namespace {

// 32 bytes, 0 to 31.
const std::string encoded_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

std::string jwks(const std::string& entries) {
  return "{\"keys\":[" + entries + "]}";
}

std::string entry(const std::string& kid, const std::string& further = "") {
  return R"({"kty":"oct","kid":")" + kid + R"(","k":")" + encoded_key + "\"" + further + "}";
}

// The log text; empty when the set was taken.
std::string refusal_of(const Result<KeySet>& keys) {
  if (keys) return "";
  BOOST_TEST((keys.error().code == ErrorCode::unavailable));
  BOOST_TEST(keys.error().reason == "");
  BOOST_TEST(keys.error().log.find(encoded_key.substr(0, 10)) == std::string::npos);
  return keys.error().log;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "key-set-test-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  fs::path file(const std::string& name, const std::string& text, ::mode_t mode) const {
    fs::path path = path_ / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_key_makes_and_every_key_is_found) {
  const auto keys = KeySet::parse(jwks(entry("b") + "," + entry("a")));
  BOOST_TEST_REQUIRE(bool(keys));
  BOOST_TEST(keys->first().id == "b");
  BOOST_TEST(keys->all().size() == 2U);
  BOOST_TEST(keys->find("a") == &keys->all()[1]);
  BOOST_TEST(keys->find("b") == &keys->first());
  BOOST_TEST(keys->find("c") == nullptr);
  BOOST_TEST(keys->find("") == nullptr);
  const auto bytes = keys->first().secret.bytes();
  BOOST_TEST(bytes.size() == 32U);
  BOOST_TEST(static_cast<int>(bytes.front()) == 0);
  BOOST_TEST(static_cast<int>(bytes.back()) == 31);
}

BOOST_AUTO_TEST_CASE(takes_what_other_tools_add) {
  BOOST_TEST(refusal_of(KeySet::parse(jwks(entry("a", R"(,"alg":"HS256","use":"sig")")))) == "");
  BOOST_TEST(refusal_of(KeySet::parse("{\"note\":1,\"keys\":[" +
                                      entry("a", R"(,"iat":5,"key_ops":["sign"])") + "]}")) == "");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_set_of_symmetric_keys) {
  const std::vector<std::pair<std::string, std::string>> refused{
      {"", "key set: JSON: empty at byte 0"},
      {"[]", "key set: JSON: not an object at byte 0"},
      {"{}", "key set: no \"keys\" array"},
      {R"({"keys":{}})", "key set: no \"keys\" array"},
      {R"({"keys":[]})", "key set: no key"},
      {jwks("1"), "key set: a kid must be 1 to 64 of A-Z a-z 0-9 . _ -"},
      {jwks(entry("")), "key set: a kid must be 1 to 64 of A-Z a-z 0-9 . _ -"},
      {jwks(entry("a b")), "key set: a kid must be 1 to 64 of A-Z a-z 0-9 . _ -"},
      {jwks(entry("../a")), "key set: a kid must be 1 to 64 of A-Z a-z 0-9 . _ -"},
      {jwks(entry(std::string(65, 'a'))), "key set: a kid must be 1 to 64 of A-Z a-z 0-9 . _ -"},
      {jwks(R"({"kty":"oct","k":"AAAA"})"), "key set: a kid must be 1 to 64 of A-Z a-z 0-9 . _ -"},
      {jwks(entry("a") + "," + entry("a")), "key set: key a twice"},
      {jwks(R"({"kid":"a","kty":"RSA","n":"AQAB","e":"AQAB"})"), "key set: key a: kty must be oct"},
      {jwks(R"({"kid":"a","k":"AAAA"})"), "key set: key a: kty must be oct"},
      {jwks(entry("a", R"(,"alg":"HS512")")), "key set: key a: alg must be HS256"},
      {jwks(entry("a", R"(,"alg":"A256GCM")")), "key set: key a: alg must be HS256"},
      {jwks(entry("a", R"(,"alg":null)")), "key set: key a: alg must be HS256"},
      {jwks(entry("a", R"(,"use":"enc")")), "key set: key a: use must be sig"},
      {jwks(R"({"kid":"a","kty":"oct"})"), "key set: key a: k must be base64url without padding"},
      {jwks(R"({"kid":"a","kty":"oct","k":7})"),
       "key set: key a: k must be base64url without padding"},
      {jwks(R"({"kid":"a","kty":"oct","k":"AAEC+w=="})"),
       "key set: key a: k must be base64url without padding"},
      {jwks(R"({"kid":"a","kty":"oct","k":""})"), "key set: key a: shorter than 32 bytes"}};
  for (const auto& [text, cause] : refused) {
    BOOST_TEST(refusal_of(KeySet::parse(text)) == cause, text);
  }
}

BOOST_AUTO_TEST_CASE(a_key_of_31_bytes_is_too_short_and_one_of_32_is_not) {
  const auto with_bytes = [](std::size_t count) {
    return KeySet::parse(jwks(R"({"kty":"oct","kid":"a","k":")" +
                              crypto::base64url(std::vector<unsigned char>(count, 7)) + "\"}"));
  };
  BOOST_TEST(refusal_of(with_bytes(31)) == "key set: key a: shorter than 32 bytes");
  BOOST_TEST(refusal_of(with_bytes(32)) == "");
  BOOST_TEST(refusal_of(with_bytes(64)) == "");
}

BOOST_AUTO_TEST_CASE(a_kid_may_have_64_characters_of_its_alphabet) {
  BOOST_TEST(refusal_of(KeySet::parse(jwks(entry(std::string(64, 'a'))))) == "");
  BOOST_TEST(refusal_of(KeySet::parse(jwks(entry("Az09._-")))) == "");
}

BOOST_AUTO_TEST_CASE(loads_a_file_that_others_cannot_read) {
  const TemporaryFolder folder;
  for (const ::mode_t mode : {0400U, 0440U, 0600U, 0640U, 0660U}) {
    BOOST_TEST(refusal_of(KeySet::load(folder.file("keys", jwks(entry("a")), mode))) == "");
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_gives_others_anything) {
  const TemporaryFolder folder;
  for (const ::mode_t mode : {0644U, 0604U, 0602U, 0601U, 0666U, 0777U}) {
    const auto cause = refusal_of(KeySet::load(folder.file("keys", jwks(entry("a")), mode)));
    BOOST_TEST(cause.ends_with("open to others than owner and group; chmod o-rwx it"), cause);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_plain_file_and_does_not_hang_on_it) {
  const TemporaryFolder folder;
  BOOST_TEST(refusal_of(KeySet::load(folder.path() / "absent"))
                 .ends_with("absent: No such file or directory"));
  fs::create_directory(folder.path() / "directory");
  BOOST_TEST(refusal_of(KeySet::load(folder.path() / "directory")).ends_with("not a regular file"));
  const fs::path fifo = folder.path() / "fifo";
  BOOST_TEST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(refusal_of(KeySet::load(fifo)).ends_with("not a regular file"));
  BOOST_TEST(refusal_of(KeySet::load(folder.file("empty", "", 0600)))
                 .ends_with("empty: key set: JSON: empty at byte 0"));
}

BOOST_AUTO_TEST_CASE(loads_64_KiB_and_not_a_byte_more) {
  const TemporaryFolder folder;
  const std::string text = jwks(entry("a"));
  const std::string full = text + std::string(65'536 - text.size(), ' ');
  BOOST_TEST(refusal_of(KeySet::load(folder.file("full", full, 0600))) == "");
  BOOST_TEST(
      refusal_of(KeySet::load(folder.file("over", full + " ", 0600))).ends_with("above 64 KiB"));
}

BOOST_AUTO_TEST_CASE(a_new_key_goes_in_front_and_keeps_the_others) {
  const auto first = with_new_key("", "2026-02-02");
  BOOST_TEST_REQUIRE(bool(first));
  const auto second = with_new_key(*first, "2026-03-02");
  BOOST_TEST_REQUIRE(bool(second));
  const auto before = KeySet::parse(*first);
  const auto after = KeySet::parse(*second);
  BOOST_TEST_REQUIRE(bool(after));
  BOOST_TEST(after->all().size() == 2U);
  BOOST_TEST(after->first().id.starts_with("2026-03-02-"));
  BOOST_TEST(after->first().id.size() == 19U);
  const Key& kept = after->all()[1];
  BOOST_TEST(kept.id == before->first().id);
  BOOST_TEST(crypto::base64url(kept.secret.bytes()) ==
             crypto::base64url(before->first().secret.bytes()));
  BOOST_TEST(crypto::base64url(after->first().secret.bytes()) !=
             crypto::base64url(kept.secret.bytes()));
}

BOOST_AUTO_TEST_CASE(a_new_key_is_not_added_to_a_broken_set_nor_named_by_a_broken_date) {
  BOOST_TEST(refusal_of(KeySet::parse("{")) != "");
  BOOST_TEST(!with_new_key("{", "2026-02-02"));
  const auto refused = with_new_key("", "02/02/2026");
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == ErrorCode::malformed));
}

BOOST_AUTO_TEST_SUITE_END()
