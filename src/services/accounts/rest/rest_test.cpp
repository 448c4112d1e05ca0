#include <gmock/gmock.h>

#include "net/browser.h"
#include "net/test_support.h"
#include "services/accounts/adapters/sqlite_accounts.h"
#include "services/accounts/rest/guard.h"
#include "services/accounts/rest/routes.h"
#include "services/events/testing/memory_log.h"

namespace larmor::accounts {
namespace {

const Secret kPassword("correct horse battery");

/// The front as far as accounts make it, asked without a network.
class Front : public ::testing::Test {
 protected:
  Front() {
    router.add(routes(*accounts, false));
    const auto done = [this](const net::Request&) { return ++reached, net::testing::say("done"); };
    const auto stream = [](const net::Request&) -> Result<net::Response> {
      net::Response response;
      response.events = net::EventStream{[]() -> Result<std::string> { return "data: 1\n\n"; }};
      return response;
    };
    using enum net::Method;
    using net::Scope;
    router.add({{get, "/page", Scope::open, "", done},
                {get, "/v1/queues", Scope::read, "", done},
                {get, "/v1/studies", Scope::read, "", done},
                {get, "/v1/studies/{study}/results", Scope::read, "", done},
                {get, "/v1/instances/{instance}/file", Scope::read, "", done},
                {get, "/v1/events/stream", Scope::read, "", stream},
                {post, "/v1/jobs/{job}/revivals", Scope::operate, "", done}});
    router.set_guard(guard({.browser = net::browser_guard({}),
                            .accounts = *accounts,
                            .log = &log,
                            .study_of = [](const net::Request&) { return StudyUid("1.2.9"); },
                            .clock = clock}));
  }

  net::Response ask(net::Method method, const std::string& path, net::Headers headers = {}, const Json& body = {}) {
    request = net::parse_target(method, path).value();
    if (!headers.contains("host")) headers.emplace("host", "localhost");
    request.headers = std::move(headers);
    request.remote_address = "10.0.0.1";
    text = body.is_null() ? "" : body.dump();
    request.body = std::make_shared<MemorySource>(as_bytes(text));
    return router.answer(request);
  }
  void add(const std::string& name, Role role) { ASSERT_TRUE(accounts->add_user(name, role, kPassword, {})); }
  net::Response sign_in(const std::string& name, net::Headers headers = {}) {
    return ask(net::Method::post, "/v1/session", std::move(headers),
               {{"name", name}, {"password", kPassword.reveal()}});
  }
  static std::string cookie_of(const net::Response& response) {
    const auto found = response.headers.find("set-cookie");
    return found == response.headers.end() ? "" : found->second.substr(0, found->second.find(';'));
  }
  net::Headers signed_in(const std::string& name) { return {{"cookie", cookie_of(sign_in(name))}}; }
  net::Headers with_token(Rights rights) {
    const auto made = accounts->add_token({"script", std::move(rights), 24h}, {}).value();
    return {{"authorization", "Bearer " + made.second.reveal()}};
  }

  ManualClock clock{std::chrono::floor<Duration>(std::chrono::system_clock::now())};
  events::MemoryLog log;
  std::unique_ptr<SqliteAccounts> accounts = std::move(*SqliteAccounts::open(":memory:", {{}, {.log2_n = 4}}, clock));
  net::Router router;
  net::Request request;
  std::string text;
  int reached = 0;
};

using net::Method;

TEST_F(Front, NeedsNoSignInBeforeTheFirstUser) {
  EXPECT_EQ(ask(Method::get, "/v1/studies").status, 200);
  EXPECT_EQ(ask(Method::post, "/v1/jobs/1/revivals").status, 200);
  EXPECT_EQ(Json::parse(ask(Method::get, "/v1/session").body)["required"], false);
  EXPECT_TRUE(log.all().empty()) << "there is nobody to name";
}

TEST_F(Front, GrantsEachRoleWhatTheTableSays) {
  add("rita", Role::reader);
  add("otto", Role::operator_);
  add("ada", Role::administrator);
  struct Row {
    Method method;
    const char* path;
    int nobody, reader, operator_, administrator;
  };
  for (const auto& row :
       {Row{Method::get, "/page", 200, 200, 200, 200}, Row{Method::get, "/v1/session", 200, 200, 200, 200},
        Row{Method::get, "/v1/queues", 401, 200, 200, 200},
        Row{Method::post, "/v1/jobs/1/revivals", 401, 403, 200, 200}, Row{Method::get, "/v1/users", 401, 403, 403, 200},
        Row{Method::get, "/v1/tokens", 401, 403, 403, 200}}) {
    EXPECT_EQ(ask(row.method, row.path).status, row.nobody) << row.path;
    EXPECT_EQ(ask(row.method, row.path, signed_in("rita")).status, row.reader) << row.path;
    EXPECT_EQ(ask(row.method, row.path, signed_in("otto")).status, row.operator_) << row.path;
    EXPECT_EQ(ask(row.method, row.path, signed_in("ada")).status, row.administrator) << row.path;
  }
  EXPECT_EQ(ask(Method::get, "/v1/queues").headers.count("www-authenticate"), 1u);
}

TEST_F(Front, LetsNobodyReachAHandlerTheyMayNot) {
  add("rita", Role::reader);
  for (const auto& headers :
       {net::Headers{}, signed_in("rita"), with_token({Right::read}), with_token({Right::administer})})
    EXPECT_GE(ask(Method::post, "/v1/jobs/1/revivals", headers).status, 401);
  EXPECT_EQ(reached, 0);
}

TEST_F(Front, KeepsTheCookieFromScriptsAndOtherSites) {
  add("rita", Role::reader);
  const auto plain = sign_in("rita").headers.find("set-cookie")->second;
  EXPECT_THAT(plain, testing::StartsWith("larmor="));
  EXPECT_THAT(plain, testing::HasSubstr("; Path=/; Max-Age=43"));
  EXPECT_THAT(plain, testing::HasSubstr("; HttpOnly; SameSite=Strict"));
  net::Router behind;
  behind.add(routes(*accounts, false));
  request = net::parse_target(Method::post, "/v1/session").value();
  request.headers = {{"host", "larmor.example"}};
  text = Json{{"name", "rita"}, {"password", kPassword.reveal()}}.dump();
  request.body = std::make_shared<MemorySource>(as_bytes(text));
  const auto secure = behind.answer(request).headers.find("set-cookie")->second;
  EXPECT_THAT(secure, testing::StartsWith("__Host-larmor="));
  EXPECT_THAT(secure, testing::EndsWith("; SameSite=Strict; Secure"));
}

TEST_F(Front, GivesANewSessionAtEverySignInAndEndsTheOneBefore) {
  add("rita", Role::reader);
  add("ada", Role::administrator);
  const net::Headers planted = {{"cookie", "larmor=" + std::string(64, 'a')}};
  EXPECT_NE(cookie_of(sign_in("rita", planted)), planted.find("cookie")->second);
  EXPECT_EQ(ask(Method::get, "/v1/queues", planted).status, 401);
  const auto reader = signed_in("rita");
  const auto now = cookie_of(sign_in("ada", reader));
  EXPECT_EQ(ask(Method::get, "/v1/queues", reader).status, 401);
  EXPECT_EQ(ask(Method::get, "/v1/users", {{"cookie", "other=1; " + now}}).status, 200);
}

TEST_F(Front, RefusesForgedEndedAndMixedProofs) {
  add("rita", Role::reader);
  const auto good = signed_in("rita").find("cookie")->second;
  auto token = with_token({Right::read}).find("authorization")->second;
  EXPECT_EQ(ask(Method::get, "/v1/queues", {{"authorization", token}}).status, 200);
  token.back() = token.back() == '0' ? '1' : '0';
  for (const auto& headers :
       {net::Headers{{"cookie", "larmor="}}, net::Headers{{"cookie", "larmor=x"}},
        net::Headers{{"cookie", "__Host-" + good}}, net::Headers{{"authorization", token}},
        net::Headers{{"authorization", "Basic cml0YTpwYXNz"}}, net::Headers{{"authorization", "Bearer "}},
        net::Headers{{"authorization", "Bearer " + good.substr(7)}},
        net::Headers{{"authorization", token}, {"cookie", good}}})
    EXPECT_EQ(ask(Method::get, "/v1/queues", headers).status, 401);
  clock.advance(13h);
  EXPECT_EQ(ask(Method::get, "/v1/queues", {{"cookie", good}}).status, 401);
}

TEST_F(Front, TellsWhoGuessesHowLongToWait) {
  add("rita", Role::reader);
  const Json wrong = {{"name", "rita"}, {"password", "wrong horse battery"}};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(Method::post, "/v1/session", {}, wrong).status, 401);
  const auto answer = ask(Method::post, "/v1/session", {}, wrong);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.find("retry-after")->second, "2");
}

TEST_F(Front, TakesOnlySmallAndWholeBodiesForASignIn) {
  EXPECT_EQ(ask(Method::post, "/v1/session", {}, {{"name", std::string(20'000, 'a')}, {"password", "b"}}).status, 413);
  EXPECT_EQ(ask(Method::post, "/v1/session", {}, {{"name", 5}, {"password", "b"}}).status, 422);
  EXPECT_EQ(ask(Method::post, "/v1/session", {}, {{"name", "a"}}).status, 422);
  EXPECT_EQ(ask(Method::post, "/v1/session").status, 422);
}

TEST_F(Front, RefusesASignInThatAnotherSiteSends) {
  add("rita", Role::reader);
  EXPECT_EQ(sign_in("rita", {{"sec-fetch-site", "cross-site"}}).status, 403);
  EXPECT_EQ(sign_in("rita", {{"origin", "http://evil.example"}}).status, 403);
}

TEST_F(Front, SignsOutHereAndEverywhere) {
  add("rita", Role::reader);
  const auto one = signed_in("rita"), two = signed_in("rita"), three = signed_in("rita");
  const auto out = ask(Method::del, "/v1/session", one);
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(cookie_of(out), "larmor=");
  EXPECT_EQ(ask(Method::get, "/v1/queues", one).status, 401);
  EXPECT_EQ(ask(Method::del, "/v1/sessions", two).status, 204);
  EXPECT_EQ(ask(Method::get, "/v1/queues", three).status, 401);
  EXPECT_EQ(ask(Method::del, "/v1/session", three).status, 204) << "what has ended is signed out";
}

TEST_F(Front, LetsAUserChangeTheOwnPasswordOnly) {
  add("rita", Role::reader);
  const auto session = signed_in("rita");
  const Json wrong = {{"old", "wrong horse battery"}, {"password", "an entirely other one"}};
  EXPECT_EQ(ask(Method::put, "/v1/session/password", session, wrong).status, 403);
  const Json right = {{"old", kPassword.reveal()}, {"password", "an entirely other one"}};
  const auto changed = ask(Method::put, "/v1/session/password", session, right);
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(ask(Method::get, "/v1/queues", session).status, 401);
  EXPECT_EQ(ask(Method::get, "/v1/queues", {{"cookie", cookie_of(changed)}}).status, 200);
  EXPECT_EQ(ask(Method::put, "/v1/session/password", with_token({Right::read}), right).status, 401)
      << "a token has none";
}

TEST_F(Front, LetsAnAdministratorKeepUsersAndTokensButNotLockHerselfOut) {
  add("ada", Role::administrator);
  const auto ada = signed_in("ada");
  const Json rita = {{"name", "rita"}, {"role", "reader"}, {"password", kPassword.reveal()}};
  EXPECT_EQ(ask(Method::post, "/v1/users", ada, rita).status, 204);
  EXPECT_EQ(ask(Method::post, "/v1/users", ada, rita).status, 409);
  EXPECT_EQ(ask(Method::patch, "/v1/users/rita", ada, {{"role", "operatr"}}).status, 422);
  EXPECT_EQ(ask(Method::patch, "/v1/users/rita", ada, {{"role", "operator"}}).status, 204);
  EXPECT_EQ(ask(Method::post, "/v1/jobs/1/revivals", signed_in("rita")).status, 200);
  EXPECT_EQ(ask(Method::patch, "/v1/users/nobody", ada, {{"role", "reader"}}).status, 404);
  EXPECT_EQ(ask(Method::patch, "/v1/users/ada", ada, {{"disabled", true}}).status, 409);
  const auto made = ask(Method::post, "/v1/tokens", ada, {{"name", "script"}, {"scopes", {"read"}}, {"days", 1}});
  EXPECT_EQ(made.status, 201);
  const auto token = Json::parse(made.body);
  const net::Headers bearer = {{"authorization", "Bearer " + token["secret"].get<std::string>()}};
  EXPECT_EQ(ask(Method::get, "/v1/queues", bearer).status, 200);
  const auto listed = ask(Method::get, "/v1/tokens", ada).body;
  EXPECT_EQ(listed.find(token["secret"].get<std::string>()), std::string::npos);
  EXPECT_EQ(ask(Method::del, "/v1/tokens/" + token["id"].get<std::string>(), ada).status, 204);
  EXPECT_EQ(ask(Method::get, "/v1/queues", bearer).status, 401);
}

TEST_F(Front, TellsTheLogWhoOpenedWhichStudyOnce) {
  add("rita", Role::reader);
  const auto rita = signed_in("rita");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(ask(Method::get, "/v1/studies/1.2.3/results", rita).status, 200);
  for (int i = 0; i < 10; ++i) ask(Method::get, "/v1/instances/7." + std::to_string(i) + "/file", rita);
  ask(Method::get, "/v1/studies", rita);
  ask(Method::get, "/v1/queues", rita);
  const auto all = log.all("access.");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].type, "access.opened");
  EXPECT_EQ(all[0].study.str(), "1.2.3");
  EXPECT_EQ(all[0].fields["who"], "rita");
  EXPECT_EQ(all[0].fields["role"], "reader");
  EXPECT_EQ(all[0].fields["address"], "10.0.0.1");
  EXPECT_EQ(all[0].fields["path"], "/v1/studies/{study}/results");
  EXPECT_EQ(all[1].study.str(), "1.2.9") << "of the instance";
  EXPECT_EQ(all[2].type, "access.searched");
  clock.advance(6min);
  ask(Method::get, "/v1/studies/1.2.3/results", rita);
  EXPECT_EQ(log.all("access.opened").size(), 3u);
}

TEST_F(Front, ShowsNothingOfAPatientThatTheLogCannotTell) {
  add("rita", Role::reader);
  const auto rita = signed_in("rita");
  log.fail_appends(1);
  EXPECT_EQ(ask(Method::get, "/v1/studies/1.2.3/results", rita).status, 503);
  EXPECT_EQ(reached, 0);
  EXPECT_EQ(ask(Method::get, "/v1/studies/1.2.3/results", rita).status, 200);
  EXPECT_EQ(log.all("access.opened").size(), 1u);
}

TEST_F(Front, TellsTheLogWhoWasRefusedAndWhoChangedSomething) {
  add("rita", Role::reader);
  add("otto", Role::operator_);
  for (int i = 0; i < 100; ++i) ask(Method::get, "/v1/studies/1.2.3/results?PatientName=Secret");
  ask(Method::post, "/v1/jobs/17/revivals", signed_in("rita"));
  ask(Method::post, "/v1/jobs/17/revivals", signed_in("otto"));
  const auto all = log.all("access.");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].type, "access.refused");
  EXPECT_EQ(all[1].fields["who"], "rita");
  EXPECT_EQ(all[2].type, "access.operated");
  EXPECT_EQ(all[2].fields["job"], "17");
  for (const auto& e : all) EXPECT_EQ(e.fields.dump().find("Secret"), std::string::npos);
}

TEST_F(Front, EndsAnEventStreamSoonAfterItsReaderIsOut) {
  add("rita", Role::reader);
  auto stream = ask(Method::get, "/v1/events/stream", signed_in("rita"));
  ASSERT_TRUE(stream.events);
  EXPECT_TRUE(stream.events->next());
  ASSERT_TRUE(accounts->sign_out_everywhere("rita", {}));
  EXPECT_TRUE(stream.events->next()) << "it looks every few seconds";
  clock.advance(6s);
  EXPECT_EQ(stream.events->next().error().code, Code::unauthenticated);
}

TEST_F(Front, LetsNoCacheOfOthersKeepWhatItShows) {
  add("rita", Role::reader);
  EXPECT_EQ(ask(Method::get, "/v1/queues", signed_in("rita")).headers.find("cache-control")->second,
            "private, no-cache");
  EXPECT_EQ(sign_in("rita").headers.find("cache-control")->second, "no-store");
}

}  // namespace
}  // namespace larmor::accounts
