/// Every route of the program, asked as nobody, as a reader, as an operator and as an administrator.
#include "app/front.h"

#include <gtest/gtest.h>

#include "net/browser.h"
#include "services/accounts/core/access.h"
#include "services/accounts/make.h"
#include "services/accounts/rest/guard.h"
#include "services/events/testing/memory_log.h"

namespace larmor::app {
namespace {

using accounts::Right;

struct Address {
  net::Method method;
  std::string path;
  net::Scope scope;
};

/// Of the OpenAPI document, which is printed from the routes.
std::vector<Address> every_address() {
  static const std::map<std::string, net::Method> methods = {{"get", net::Method::get},
                                                             {"post", net::Method::post},
                                                             {"put", net::Method::put},
                                                             {"patch", net::Method::patch},
                                                             {"delete", net::Method::del}};
  static const std::map<std::string, net::Scope> scopes = {{"open", net::Scope::open},
                                                           {"read", net::Scope::read},
                                                           {"operate", net::Scope::operate},
                                                           {"administer", net::Scope::administer},
                                                           {"peer", net::Scope::peer}};
  std::vector<Address> all;
  const auto document = openapi_document();
  for (const auto& [path, verbs] : document["paths"].items())
    for (const auto& [verb, operation] : verbs.items())
      all.push_back({methods.at(verb), path, scopes.at(operation["x-larmor-scope"].get<std::string>())});
  return all;
}

class EveryRoute : public ::testing::Test {
 protected:
  EveryRoute() {
    EXPECT_TRUE(
        accounts_->add_user("ada", accounts::Role::administrator, accounts::Secret("correct horse battery"), {}));
    for (const auto& address : every_address())
      router_.add({{address.method, address.path, address.scope, "",
                    [this](const net::Request&) -> Result<net::Response> { return ++reached_, net::no_content(); }}});
    router_.set_guard(accounts::guard(
        {.browser = net::browser_guard({}), .accounts = *accounts_, .log = &log_, .study_of = [](const net::Request&) {
           return StudyUid("1.2");
         }}));
  }
  std::string token(accounts::Rights rights) {
    return accounts_->add_token({"script", std::move(rights), 24h}, {}).value().second.reveal();
  }
  int ask(const Address& address, const std::string& token) {
    auto request = net::parse_target(address.method, address.path).value();
    request.headers = {{"host", "localhost"}};
    if (!token.empty()) request.headers.emplace("authorization", "Bearer " + token);
    request.body = std::make_shared<MemorySource>(Bytes());
    return router_.answer(request).status;
  }

  events::MemoryLog log_;
  std::unique_ptr<accounts::Accounts> accounts_ =
      accounts::make({}, Settings(all_rows()), nullptr, system_clock()).value();
  net::Router router_;
  int reached_ = 0;
};

TEST_F(EveryRoute, AnswersThoseWhoMayAndNobodyElse) {
  const auto reader = token({Right::read}), operator_ = token({Right::read, Right::operate}),
             administrator = token({Right::read, Right::operate, Right::administer});
  struct Row {
    net::Scope scope;
    int nobody, reader, operator_, administrator;
  };
  constexpr std::array kTable = {Row{net::Scope::open, 204, 204, 204, 204}, Row{net::Scope::read, 401, 204, 204, 204},
                                 Row{net::Scope::operate, 401, 403, 204, 204},
                                 Row{net::Scope::administer, 401, 403, 403, 204},
                                 Row{net::Scope::peer, 403, 403, 403, 403}};
  const auto all = every_address();
  EXPECT_GT(all.size(), 40u);
  for (const auto& address : all) {
    const auto& row = kTable[static_cast<std::size_t>(address.scope)];
    const auto where = fmt::format("{} {}", net::name(address.method), address.path);
    EXPECT_EQ(ask(address, ""), row.nobody) << where;
    EXPECT_EQ(ask(address, reader), row.reader) << where;
    EXPECT_EQ(ask(address, operator_), row.operator_) << where;
    EXPECT_EQ(ask(address, administrator), row.administrator) << where;
  }
}

TEST_F(EveryRoute, ThatChangesSomethingNeedsMoreThanReading) {
  const std::set<std::string> own = {"/v1/session", "/v1/session/journeys", "/v1/sessions",
                                     "/v1/session/password"};  // what is one's own
  for (const auto& address : every_address())
    if (address.method != net::Method::get && !own.contains(address.path)) {
      EXPECT_GE(address.scope, net::Scope::operate) << address.path;
    }
}

TEST_F(EveryRoute, IsClosedButForHealthAndSigningIn) {
  std::set<std::string> open;
  for (const auto& address : every_address())
    if (address.scope == net::Scope::open) open.insert(address.path);
  EXPECT_EQ(open, (std::set<std::string>{"/v1/health", "/v1/session", "/v1/session/journeys"}));
}

TEST_F(EveryRoute, ThatShowsSomethingOfAPatientIsToldToTheLog) {
  for (const auto& address : every_address()) {
    const auto names = [&](std::string_view what) { return address.path.find(what) != std::string::npos; };
    if (address.method == net::Method::get &&
        (names("{study}") || names("{instance}") || names("/studies") || names("/files/"))) {
      EXPECT_NE(accounts::access_of(address.path, true), accounts::Access::none) << address.path;
    }
  }
}

TEST_F(EveryRoute, OfUsersAndTokensIsForAdministrators) {
  for (const auto& address : every_address())
    if (address.path.starts_with("/v1/users") || address.path.starts_with("/v1/tokens")) {
      EXPECT_EQ(address.scope, net::Scope::administer) << address.path;
    }
}

}  // namespace
}  // namespace larmor::app
