// SPDX-License-Identifier: Apache-2.0
// A plain list of scores is a board whose players all scored once.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/open.hpp"
#include "store/transfers.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
namespace data = boost::unit_test::data;

namespace {

const auto engines = data::make({Engine::sqlite, Engine::postgresql});

std::unique_ptr<Store> imported(const TestDatabase& target, const std::string& list) {
  const TemporaryDirectory directory;
  const auto report = import_into(target, write(directory.path() / "list", list));
  BOOST_REQUIRE_MESSAGE(report, why(report));
  check_clean(target.uri);
  auto opened = open_store({.uri = target.uri, .readers = 2});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  return *std::move(opened);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transfer_scores)

BOOST_DATA_TEST_CASE(a_list_is_a_board, engines, engine) {
  TestDatabase target(engine);
  // As a spreadsheet writes it: a byte order mark, CR LF, quotes. Nought is a user without action.
  const auto store = imported(target,
                              "\xEF\xBB\xBFusername,email,score\r\nAna,Ana@example.org,5\r\n"
                              "\"bob\",bob@example.org,7\r\ncid,cid@example.org,0\r\n"
                              "dora,dora@example.org,7\r\n");
  BOOST_CHECK_EQUAL(describe(*store->top(10)),
                    "version 1 at 1770028200000000\n1 bob 7 @257 1770028200000000\n"
                    "2 dora 7 @258 1770028200000000\n3 Ana 5 @256 1770028200000000");
  BOOST_CHECK_EQUAL((*store->standing(user_id(3)))->rank.value(), 4);
  const auto receipt = store->receipt(user_id(4), ActionId{"import-4"});
  BOOST_REQUIRE(receipt && *receipt);
  BOOST_CHECK_EQUAL((*receipt)->rank.value(), 2);
  const auto found = store->find_credential("ANA@example.org");
  BOOST_REQUIRE(found && *found);
  BOOST_CHECK_EQUAL((*found)->password_hash, "");
  add_player(*store, 5);
  const Award one = award(5, "action-1", 6);
  const auto outcome = store->commit(std::span(&one, 1), {}, start());
  BOOST_REQUIRE_MESSAGE(outcome, why(outcome));
  BOOST_CHECK_EQUAL(outcome->front().receipt.rank.value(), 3);
  check_clean(target.uri);
}

BOOST_DATA_TEST_CASE(json_lines_are_the_same_list, engines, engine) {
  TestDatabase target(engine);
  const auto store = imported(target, R"({"username":"ana","email":"ana@example.org","score":5}
{"score":7,"email":"bob@example.org","username":"bob"})");
  BOOST_CHECK_EQUAL((*store->top(10)).standings.size(), 2U);
  BOOST_CHECK_EQUAL((*store->top(10)).standings.front().username, "bob");
}

// More than one entry of 256, and one that ends exactly there.
BOOST_DATA_TEST_CASE(long_lists_are_several_entries, engines* data::make({512, 700}), engine,
                     count) {
  TestDatabase target(engine);
  std::string list = "username,email,score\n";
  for (int i = 1; i <= count; ++i) {
    const std::string name = "player" + std::to_string(i);
    list += name + "," + name + "@example.org," + std::to_string(i * 37 % 101 + 1) + "\n";
  }
  const auto store = imported(target, list);
  BOOST_CHECK_EQUAL(store->journal_head()->seq.value(), (count + 255) / 256);
}

BOOST_DATA_TEST_CASE(a_list_of_nobody_is_an_empty_board, engines, engine) {
  TestDatabase target(engine);
  const auto store = imported(target, "username,email,score\n");
  BOOST_CHECK_EQUAL(store->journal_head()->seq.value(), 0);
}

BOOST_AUTO_TEST_SUITE_END()
