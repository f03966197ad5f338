// SPDX-License-Identifier: Apache-2.0
// scoreboardctl jws verify --jwk FILE [--alg ALG]: is the compact JWS on standard input good? Its
// payload goes to standard output byte for byte, whatever it is; a refusal is one line on standard
// error and status 1. The same code checks the tokens of requests.
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "auth/compact_jws.hpp"
#include "auth/jws.hpp"
#include "auth/verification_keys.hpp"
#include "ctl/commands.hpp"

namespace scoreboard::ctl {
namespace {

using auth::Algorithm;

constexpr std::array<Algorithm, 5> every_algorithm{
    Algorithm::hs256, Algorithm::rs256, Algorithm::es256, Algorithm::eddsa, Algorithm::ps256};

struct Question {
  std::string key_file;
  std::string algorithm;  // empty: whichever the key is for
};

// A key file has a few hundred bytes; a token and the end of its line at most this many.
constexpr std::size_t input_bytes_max = 65'536;

Result<std::string> key_text(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(input_bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    return Error{.code = ErrorCode::unavailable, .log = file + ": cannot be read"};
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > input_bytes_max) {
    return Error{.code = ErrorCode::malformed, .log = file + ": above 64 KiB"};
  }
  return text;
}

// Without the end of its line, if it has one: that is the shell's, not the token's.
std::string token_from_stdin() {
  std::string text(input_bytes_max, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  if (!text.ends_with('\n')) return text;
  text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

Result<std::string> verified_payload(const Question& question) {
  std::vector<Algorithm> wanted(every_algorithm.begin(), every_algorithm.end());
  if (!question.algorithm.empty()) {
    const auto only = auth::parse_algorithm(question.algorithm);
    if (!only) {
      return Error{.code = ErrorCode::malformed,
                   .log = "--alg is one of HS256, RS256, ES256, EdDSA and PS256"};
    }
    wanted.assign(1, *only);
  }
  const auto text = key_text(question.key_file);
  if (!text) return text.error();
  const auto keys = auth::VerificationKeys::parse(*text, wanted);
  if (!keys) return keys.error();
  auto content = auth::verify_jws(*keys, token_from_stdin());
  if (!content) return std::move(content).error();
  return std::move(content->payload);
}

int verify(const Question& question) {
  const auto payload = verified_payload(question);
  if (!payload) return fail(payload.error());
  const bool written = std::fwrite(payload->data(), 1, payload->size(), stdout) == payload->size();
  return written && std::fflush(stdout) == 0 ? good : failure;
}

}  // namespace

void add_jws(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("jws", "JSON Web Signatures");
  command->require_subcommand(1);
  CLI::App* const verified = command->add_subcommand(
      "verify", "Check a compact JWS on standard input; its payload goes to standard output");
  auto question = std::make_shared<Question>();
  verified->add_option("--jwk", question->key_file, "File with a JWK or a JWK Set")->required();
  verified->add_option("--alg", question->algorithm,
                       "The only algorithm that counts: HS256, RS256, ES256, EdDSA or PS256. "
                       "Without it, the one that the key names or its type suggests");
  verified->footer(
      "Exits with 0 if the JWS is good, 1 if it is not, and 2 for a mistake in the command line.");
  verified->callback(
      [&invocation, question] { invocation.command = [question] { return verify(*question); }; });
}

}  // namespace scoreboard::ctl
