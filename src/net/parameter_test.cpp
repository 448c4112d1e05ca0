#include "net/parameter.h"

#include <gtest/gtest.h>

#include "net/http.h"

namespace larmor::net {
namespace {

const Text kWords("q", "words");
const Texts kTypes("type", "types");
const Word kState("state", {"waiting", "done"}, "state");
const Whole kLimit("limit", 1, 1000, 7, "at most");
const Number kWait("wait_s", 0, 60, 0, "seconds");

Request asking(const std::string& query) {
  return *parse_target(Method::get, "/x?" + query);
}

TEST(Parameter, IsReadThroughItsRow) {
  const auto request = asking("q=a%20b&type=one&type=two&state=done&limit=20&wait_s=0.5");
  EXPECT_EQ(kWords.in(request).value(), "a b");
  EXPECT_EQ(kTypes.in(request).value(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(kState.in(request).value(), "done");
  EXPECT_EQ(kLimit.in(request).value(), 20);
  EXPECT_EQ(kWait.in(request).value(), 0.5);
}

TEST(Parameter, HasTheValueOfItsRowWhereItIsAbsent) {
  EXPECT_EQ(kWords.in(asking("")).value(), std::nullopt);
  EXPECT_TRUE(kTypes.in(asking("")).value().empty());
  EXPECT_EQ(kLimit.in(asking("")).value(), 7);
  EXPECT_EQ(kWait.in(asking("")).value(), 0);
}

TEST(Parameter, IsRefusedByNameWhenItIsWrong) {
  const std::vector<Parameter> rows = {kWords, kTypes, kState, kLimit, kWait};
  for (const auto& [query, name] :
       std::vector<std::pair<std::string, std::string>>{{"limit=0", "limit"},
                                                        {"limit=1001", "limit"},
                                                        {"limit=", "limit"},
                                                        {"limit=ten", "limit"},
                                                        {"limit=1.5", "limit"},
                                                        {"limit=1&limit=2", "limit"},
                                                        {"limit=99999999999999999999", "limit"},
                                                        {"wait_s=61", "wait_s"},
                                                        {"wait_s=nan", "wait_s"},
                                                        {"wait_s=-1", "wait_s"},
                                                        {"state=asleep", "state"},
                                                        {"q=a&q=b", "q"},
                                                        {"nothing=1", "nothing"}}) {
    const auto answer = check_query(rows, asking(query));
    ASSERT_FALSE(answer) << query;
    EXPECT_EQ(answer.error().code, Code::invalid);
    EXPECT_EQ(answer.error().field, name) << query;
    EXPECT_NE(answer.error().what.find("'" + name + "'"), std::string::npos) << answer.error().what;
  }
  EXPECT_TRUE(check_query(rows, asking("type=a&type=b&limit=1000&state=waiting")));
}

TEST(Parameter, NamesTheNearestThatIsKnown) {
  EXPECT_EQ(check_query({kWords, kLimit}, asking("limt=5")).error().hint, "Did you mean 'limit'?");
  EXPECT_EQ(check_query({kWords, kLimit}, asking("elephants=5")).error().hint, "Known: q, limit.");
  EXPECT_EQ(check_query({}, asking("q=5")).error().hint, "This address takes none.");
}

TEST(Parameter, IsMissedWhereTheAddressMeansNothingWithoutIt) {
  EXPECT_EQ(check_query({required(kWords)}, asking("")).error().field, "q");
  EXPECT_TRUE(check_query({required(kWords)}, asking("q=x")));
}

TEST(Parameter, IsRefusedWithTheStatusOfItsRoute) {
  Router router;
  const Handler ok = [](const Request&) -> Result<Response> { return no_content(); };
  router.add({{Method::get, "/ours", Scope::read, "", ok, "", "", 204, {kLimit}},
              {Method::get, "/theirs", Scope::read, "", ok, "", "", 204, {kLimit}, 400}});
  for (const auto& [target, status] : {std::pair("/ours?limit=x", 422), std::pair("/theirs?limit=x", 400)}) {
    auto request = *parse_target(Method::get, target);
    const auto answer = router.answer(request);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(Json::parse(answer.body)["pointer"], "limit");
  }
}

TEST(Parameter, MayBeAnythingInTheAddressOfAPage) {
  Router router;
  const Handler ok = [](const Request&) -> Result<Response> { return no_content(); };
  router.add({{Method::get, "/v1/x", Scope::read, "", ok, "", "", 204, {kLimit}},
              {Method::get, "/{file...}", Scope::read, "", ok, "", "", 204}});
  const auto status = [&](const std::string& target) {
    auto request = *parse_target(Method::get, target);
    return router.answer(request).status;
  };
  EXPECT_EQ(status("/v1/x?limit=5"), 204);
  EXPECT_EQ(status("/v1/x?limit=0"), 422);
  EXPECT_EQ(status("/v1/x?q=5"), 422);
  EXPECT_EQ(status("/studies?q=5"), 204);
}

}  // namespace
}  // namespace larmor::net
