#include "net/http.h"

#include <gtest/gtest.h>

namespace larmor::net {
namespace {

Request asking(Method method, std::string_view target) {
  auto request = parse_target(method, target).value();
  request.body = std::make_shared<MemorySource>(Bytes());
  return request;
}

Route row(Method method, std::string pattern, std::string word) {
  return {method, std::move(pattern), Scope::read, "", [word](const Request& r) -> Result<Response> {
            return json_response({{"route", word}, {"captured", r.captured}});
          }};
}

Router studies() {
  Router router;
  router.add({row(Method::get, "/v1/studies", "list"), row(Method::get, "/v1/studies/{study}", "one"),
              row(Method::get, "/v1/studies/newest", "newest"), row(Method::post, "/v1/studies/{study}/notes", "note"),
              row(Method::get, "/{file...}", "files")});
  return router;
}

std::string route_of(const Router& router, Method method, std::string_view target) {
  auto request = asking(method, target);
  const auto response = router.answer(request);
  return response.status == 200 ? Json::parse(response.body)["route"].get<std::string>()
                                : std::to_string(response.status);
}

TEST(Router, PrefersWordsToCapturesAndBothToTheRest) {
  const auto router = studies();
  EXPECT_EQ(route_of(router, Method::get, "/v1/studies"), "list");
  EXPECT_EQ(route_of(router, Method::get, "/v1/studies/1.2.3"), "one");
  EXPECT_EQ(route_of(router, Method::get, "/v1/studies/newest"), "newest");
  EXPECT_EQ(route_of(router, Method::get, "/assets/main.js?x=1"), "files");
  EXPECT_EQ(route_of(router, Method::get, "/"), "files");
}

TEST(Router, SaysWhichVerbsAKnownPathHas) {
  const auto router = studies();
  auto request = asking(Method::del, "/v1/studies/1.2.3");
  const auto response = router.answer(request);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.find("allow")->second, "GET, HEAD");
  EXPECT_EQ(Json::parse(response.body)["status"], 405);
  auto get = asking(Method::get, "/v1/studies/1.2.3/notes");
  EXPECT_EQ(router.answer(get).headers.find("allow")->second, "POST");
}

TEST(Router, AnswersNotFoundForAnUnknownPath) {
  Router router;
  router.add({row(Method::get, "/v1/studies/{study}", "one")});
  EXPECT_EQ(route_of(router, Method::get, "/v1/studies"), "404");
  EXPECT_EQ(route_of(router, Method::get, "/v1/studies/"), "404");
  EXPECT_EQ(route_of(router, Method::get, "/v1/studies/a/b"), "404");
}

TEST(Router, LetsGetAnswerHead) {
  EXPECT_EQ(route_of(studies(), Method::head, "/v1/studies"), "list");
}

TEST(Router, KeepsAnEncodedSlashInsideItsCapture) {
  auto request = asking(Method::get, "/v1/studies/a%2Fb%20c");
  const auto captured = Json::parse(studies().answer(request).body)["captured"];
  EXPECT_EQ(captured["study"], "a/b c");
  auto file = asking(Method::get, "/assets/a%20b/c.js");
  EXPECT_EQ(Json::parse(studies().answer(file).body)["captured"]["file"], "assets/a b/c.js");
}

TEST(Router, TurnsErrorsAndExceptionsIntoProblems) {
  Router router;
  router.add({{Method::get, "/error", Scope::read, "",
               [](const Request&) -> Result<Response> {
                 return fail_with({Code::invalid, "no", "try yes", "/answer"});
               }},
              {Method::get, "/thrown", Scope::read, "",
               [](const Request&) -> Result<Response> { throw std::runtime_error("DOE^JANE"); }}});
  auto error = asking(Method::get, "/error");
  const auto answer = router.answer(error);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.headers.find("content-type")->second, "application/problem+json");
  EXPECT_EQ(Json::parse(answer.body)["pointer"], "/answer");
  auto thrown = asking(Method::get, "/thrown");
  const auto defect = router.answer(thrown);
  EXPECT_EQ(defect.status, 500);
  EXPECT_EQ(defect.body.find("DOE"), std::string::npos) << "an exception's words may hold patient data";
}

TEST(Request, ReadsItsQueryDecoded) {
  const auto request = asking(Method::get, "/v1/studies?q=M%C3%BCller+K&empty=&flag&study=1.2&study=1.3");
  EXPECT_EQ(request.parameter("q"), "Müller K");
  EXPECT_EQ(request.parameter("empty"), "");
  EXPECT_EQ(request.parameter("flag"), "");
  EXPECT_EQ(request.query.count("study"), 2u);
  EXPECT_FALSE(request.parameter("absent"));
}

TEST(Request, RefusesBrokenEscapes) {
  EXPECT_FALSE(parse_target(Method::get, "/a%2"));
  EXPECT_FALSE(parse_target(Method::get, "/a%zz"));
  EXPECT_FALSE(parse_target(Method::get, "/a%00b"));
  EXPECT_FALSE(parse_target(Method::get, "a"));
}

TEST(Request, UnderstandsTheRangesOfRfc9110) {
  auto request = asking(Method::get, "/x");
  const auto range = [&](std::string text) {
    request.headers.clear();
    request.headers.emplace("range", std::move(text));
    return request.range(100);
  };
  EXPECT_FALSE(asking(Method::get, "/x").range(100).value());
  EXPECT_EQ(range("bytes=0-9").value()->count, 10u);
  EXPECT_EQ(range("bytes=90-").value()->first, 90u);
  EXPECT_EQ(range("bytes=90-500").value()->count, 10u);
  EXPECT_EQ(range("bytes=-20").value()->first, 80u);
  EXPECT_EQ(range("bytes=-500").value()->count, 100u);
  EXPECT_FALSE(range("bytes=100-")) << "nothing of it exists";
  EXPECT_FALSE(range("bytes=-0"));
  EXPECT_FALSE(range("bytes=9-0").value()) << "malformed: the whole is sent";
  EXPECT_FALSE(range("bytes=0-1,5-6").value());
  EXPECT_FALSE(range("lines=0-1").value());
}

TEST(Request, KnowsWhatItsCallerHas) {
  const auto knows = [](std::string tags) {
    auto request = asking(Method::get, "/x");
    request.headers.emplace("if-none-match", std::move(tags));
    return request.knows("\"one\"");
  };
  EXPECT_FALSE(asking(Method::get, "/x").knows("\"one\""));
  for (const auto* tags : {"\"one\"", "\"other\", \"one\"", "W/\"one\"", "*"}) EXPECT_TRUE(knows(tags)) << tags;
  for (const auto* tags : {"\"other\"", "one", ""}) EXPECT_FALSE(knows(tags)) << tags;
}

TEST(Request, TakesDeadlineTraceAndKeyFromItsHeaders) {
  auto request = asking(Method::post, "/x");
  request.headers.emplace("larmor-timeout-ms", "90000");
  request.headers.emplace("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  request.headers.emplace("idempotency-key", "k1");
  const auto call = request.call();
  EXPECT_NEAR(seconds(call.left()), 90, 5);
  EXPECT_EQ(call.trace, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(call.idempotency_key, "k1");
}

TEST(Encoding, SurvivesARoundTripOfEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(decode(encode(all)).value(), all);
  EXPECT_EQ(encode("a/b c~"), "a%2Fb%20c~");
}

TEST(Answer, ReplacesBytesThatAreNoUtf8) {
  const auto response = json_response({{"description",
                                        "Sch\xE4"
                                        "del"}});
  EXPECT_EQ(Json::parse(response.body)["description"],
            "Sch\xEF\xBF\xBD"
            "del");
}

}  // namespace
}  // namespace larmor::net
