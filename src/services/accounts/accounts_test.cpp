#include "services/accounts/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/file.h"
#include "base/test_support.h"
#include "services/accounts/adapters/sqlite_accounts.h"
#include "services/accounts/core/roles.h"
#include "services/events/testing/memory_log.h"

namespace larmor::accounts {
namespace {

const Secret kRight("correct horse battery"), kOther("an entirely other one"), kWrong("wrong horse battery");

class Users : public ::testing::Test {
 protected:
  Users() { reopen(); }
  void reopen() {
    accounts.reset();
    accounts = std::move(*SqliteAccounts::open(file, {{.idle = 1h, .most = 12h}, {.log2_n = 4}}, clock));
  }
  void add(const std::string& name, Role role = Role::reader) {
    const auto added = accounts->add_user(name, role, kRight, {});
    ASSERT_TRUE(added) << to_string(added.error());
  }
  Result<SignIn> sign_in(const std::string& name, const Secret& password, const std::string& address = "10.0.0.1") {
    return accounts->sign_in({name, password, address}, {});
  }
  Secret session(const std::string& name) { return sign_in(name, kRight).value().in.value().secret; }
  bool good(const Secret& session) { return accounts->of_session(session, {}).has_value(); }
  std::vector<std::string> told() {
    EXPECT_TRUE(accounts->tend(log));
    std::vector<std::string> types;
    for (const auto& e : log.all()) types.push_back(e.type);
    return types;
  }

  Scratch scratch;
  const std::filesystem::path file = scratch.path() / "accounts.db";
  ManualClock clock{Time(1'800'000'000s)};
  events::MemoryLog log;
  std::unique_ptr<SqliteAccounts> accounts;
};

TEST_F(Users, AreNeededFromTheFirstOneOnForEver) {
  EXPECT_FALSE(accounts->required({}).value());
  add("anna", Role::administrator);
  EXPECT_TRUE(accounts->required({}).value());
  ASSERT_TRUE(accounts->change_user("anna", {.role = {}, .disabled = true, .password = {}}, {}));
  EXPECT_TRUE(accounts->required({}).value()) << "the last one's leaving opens nothing";
}

TEST_F(Users, SignInWithTheirPasswordAndGetTheRightsOfTheirRole) {
  add("anna", Role::operator_);
  const auto signed_in = sign_in("anna", kRight);
  ASSERT_TRUE(signed_in) << to_string(signed_in.error());
  const auto caller = accounts->of_session(signed_in->in->secret, {}).value();
  EXPECT_EQ(caller.name, "anna");
  EXPECT_EQ(words(caller.rights), "read operate");
  EXPECT_EQ(caller.until, clock.now() + 12h);
  EXPECT_EQ(sign_in("anna", kWrong).error().code, Code::unauthenticated);
  EXPECT_EQ(sign_in("nobody", kRight).error().what, sign_in("anna", kWrong).error().what) << "tells no names";
}

TEST_F(Users, HaveAPasswordThatIsNowhereInTheFile) {
  add("anna");
  const auto secret = session("anna");
  reopen();
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) all += read_file(entry.path()).value();
  EXPECT_NE(all.find("scrypt$4$8$3$"), std::string::npos);
  EXPECT_EQ(all.find(kRight.reveal()), std::string::npos);
  EXPECT_EQ(all.find(secret.reveal()), std::string::npos);
  EXPECT_TRUE(good(secret)) << "a session survives a restart";
}

TEST_F(Users, NeedNamesAndPasswordsThatHold) {
  for (const auto* name : {"", "a b", "ann\n", "ä", "a/b", "'; DROP TABLE user; --"})
    EXPECT_EQ(accounts->add_user(name, Role::reader, kRight, {}).error().field, "/name") << name;
  for (const auto* password : {"", "short", "aaaaaaaaaaaaaaaa", "annamaria1234"})
    EXPECT_EQ(accounts->add_user("annamaria", Role::reader, Secret(password), {}).error().field, "/password");
  add("anna");
  EXPECT_EQ(accounts->add_user("anna", Role::reader, kRight, {}).error().code, Code::conflict);
}

TEST_F(Users, WhoGuessMustWaitAndAreToldHowLong) {
  add("anna");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(sign_in("anna", kWrong));
  const auto right = sign_in("anna", kRight);
  ASSERT_TRUE(right);
  EXPECT_FALSE(right->in) << "even the right one waits";
  EXPECT_EQ(right->wait, 2s);
  EXPECT_TRUE(sign_in("anna", kRight, "10.0.0.2")->in) << "her own place is not locked";
  clock.advance(2s);
  EXPECT_TRUE(sign_in("anna", kRight)->in);
}

TEST_F(Users, WhoGuessManyAtOnceGainNothing) {
  add("anna");
  std::atomic<int> looked_at = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 12; ++i) threads.emplace_back([&] { looked_at += sign_in("anna", kWrong).has_value() ? 0 : 1; });
  threads.clear();
  EXPECT_EQ(looked_at, 5);
}

TEST_F(Users, AreOutAtOnceWhenDisabledOrGivenAnotherPassword) {
  add("anna");
  auto secret = session("anna");
  ASSERT_TRUE(accounts->change_user("anna", {.role = {}, .disabled = true, .password = {}}, {}));
  EXPECT_FALSE(good(secret));
  EXPECT_EQ(sign_in("anna", kRight).error().code, Code::unauthenticated);
  ASSERT_TRUE(accounts->change_user("anna", {.role = {}, .disabled = false, .password = {}}, {}));
  EXPECT_FALSE(good(secret)) << "an ended session stays ended";
  secret = session("anna");
  ASSERT_TRUE(accounts->change_user("anna", {.role = {}, .disabled = {}, .password = kOther}, {}));
  EXPECT_FALSE(good(secret));
  EXPECT_TRUE(sign_in("anna", kOther)->in);
}

TEST_F(Users, ChangeTheirOwnPasswordWithTheOldOne) {
  add("anna");
  const auto before = session("anna");
  EXPECT_EQ(accounts->change_password({"anna", kWrong, "10.0.0.1"}, kOther, {}).error().code, Code::unauthenticated);
  EXPECT_TRUE(good(before));
  const auto changed = accounts->change_password({"anna", kRight, "10.0.0.1"}, kOther, {});
  ASSERT_TRUE(changed) << to_string(changed.error());
  EXPECT_FALSE(good(before));
  EXPECT_TRUE(good(changed->in->secret));
}

TEST_F(Users, GetANewRoleWithinTheOpenSession) {
  add("anna", Role::administrator);
  const auto secret = session("anna");
  ASSERT_TRUE(accounts->change_user("anna", {.role = Role::reader, .disabled = {}, .password = {}}, {}));
  EXPECT_EQ(words(accounts->of_session(secret, {})->rights), "read");
}

TEST_F(Users, SessionsEndWhenIdleAndAfterAShift) {
  add("anna");
  const auto idle = session("anna"), busy = session("anna");
  for (int i = 0; i < 23; ++i) {
    clock.advance(30min);
    EXPECT_TRUE(good(busy)) << i;
  }
  EXPECT_FALSE(good(idle));
  clock.advance(30min);
  EXPECT_FALSE(good(busy));
}

TEST_F(Users, SignOutHereAndEverywhere) {
  add("anna");
  const auto one = session("anna"), two = session("anna"), three = session("anna");
  ASSERT_TRUE(accounts->sign_out(one, {}));
  ASSERT_TRUE(accounts->sign_out(one, {})) << "twice is no failure";
  EXPECT_FALSE(good(one));
  EXPECT_TRUE(good(two));
  EXPECT_EQ(accounts->sign_out_everywhere("anna", {}).value(), 2);
  EXPECT_FALSE(good(three));
}

TEST_F(Users, OfAForgedSessionAreNobody) {
  add("anna");
  const auto secret = session("anna");
  for (const auto& forged : {std::string(), std::string(64, '0'), secret.reveal().substr(1), digest_of(secret),
                             std::string("' OR 1=1 --"), std::string(100'000, 'a')})
    EXPECT_EQ(accounts->of_session(Secret(forged), {}).error().code, Code::unauthenticated);
}

TEST_F(Users, ThatChangedWhileTheLogWasAwayAreToldLaterAndOnce) {
  add("anna");
  log.fail_appends(1);
  EXPECT_FALSE(accounts->tend(log));
  log.lose_answers(1);
  EXPECT_FALSE(accounts->tend(log));
  reopen();
  (void)session("anna");
  (void)sign_in("anna", kWrong);
  EXPECT_THAT(told(), testing::ElementsAre("account.added", "account.signed_in", "account.refused"));
}

TEST_F(Users, DoNotLeaveAPasswordTypedAsANameInTheLog) {
  (void)sign_in("my secret password!", kRight);
  EXPECT_THAT(told(), testing::ElementsAre("account.refused"));
  EXPECT_EQ(log.all()[0].fields["user"], "?");
}

TEST_F(Users, OfAProviderAreKnownByTheirSubjectAndFollowItsRole) {
  const auto come = [&](const std::string& subject, const std::string& name, Role role) {
    return accounts->sign_in_elsewhere({subject, name, role, "10.0.0.1"}, {});
  };
  const auto first = come("u-17", "anna", Role::reader);
  ASSERT_TRUE(first) << to_string(first.error());
  EXPECT_EQ(words(accounts->of_session(first->secret, {})->rights), "read");
  EXPECT_EQ(come("u-17", "anna.maria", Role::operator_)->caller.name, "anna") << "renamed there, the same here";
  EXPECT_EQ(words(accounts->of_session(first->secret, {})->rights), "read operate");
  EXPECT_EQ(come("u-18", "anna", Role::administrator).error().code, Code::conflict) << "nobody takes a name over";
  EXPECT_EQ(come("u-18", "a b", Role::reader).error().field, "/name");
  EXPECT_TRUE(accounts->users({})->front().elsewhere);
  EXPECT_EQ(sign_in("anna", Secret("")).error().code, Code::unauthenticated) << "there is no password";
  EXPECT_EQ(accounts->change_user("anna", {.role = {}, .disabled = {}, .password = kOther}, {}).error().code,
            Code::conflict);
  ASSERT_TRUE(accounts->change_user("anna", {.role = {}, .disabled = true, .password = {}}, {}));
  EXPECT_EQ(come("u-17", "anna", Role::administrator).error().code, Code::forbidden);
  EXPECT_FALSE(good(first->secret));
}

TEST_F(Users, OfAProviderTakeNoLocalName) {
  add("root", Role::administrator);
  EXPECT_EQ(accounts->sign_in_elsewhere({"u-1", "root", Role::reader, ""}, {}).error().code, Code::conflict);
  EXPECT_EQ(accounts->users({})->front().role, Role::administrator);
}

using Tokens = Users;

TEST_F(Tokens, AreGoodForTheirScopesUntilTheyEnd) {
  const auto [token, secret] = accounts->add_token({"night script", {Right::operate}, 24h}, {}).value();
  EXPECT_EQ(secret.reveal().rfind("larmor_", 0), 0u);
  EXPECT_EQ(secret.reveal().size(), 7u + 64);
  const auto caller = accounts->of_token(secret, {}).value();
  EXPECT_EQ(caller.name, "night script");
  EXPECT_EQ(words(caller.rights), "operate") << "a sender need not read";
  EXPECT_EQ(accounts->tokens({})->front().last_used, clock.now());
  clock.advance(24h);
  EXPECT_EQ(accounts->of_token(secret, {}).error().code, Code::unauthenticated);
}

TEST_F(Tokens, AreNoSessionsAndSessionsAreNoTokens) {
  add("anna");
  const auto secret = accounts->add_token({"script", {Right::read}, 24h}, {}).value().second;
  EXPECT_FALSE(accounts->of_session(secret, {}));
  EXPECT_FALSE(accounts->of_token(session("anna"), {}));
}

TEST_F(Tokens, AreGoodNoMoreOnceRevoked) {
  const auto [token, secret] = accounts->add_token({"script", {Right::read}, 24h}, {}).value();
  ASSERT_TRUE(accounts->revoke_token(token.id, {}));
  EXPECT_FALSE(accounts->of_token(secret, {}));
  EXPECT_EQ(accounts->revoke_token(TokenId("none"), {}).error().code, Code::not_found);
  EXPECT_THAT(told(), testing::ElementsAre("token.made", "token.revoked"));
}

TEST_F(Tokens, NeedANameAScopeAndAnEnd) {
  EXPECT_EQ(accounts->add_token({"", {Right::read}, 24h}, {}).error().field, "/name");
  EXPECT_EQ(accounts->add_token({"x", {}, 24h}, {}).error().field, "/scopes");
  EXPECT_EQ(accounts->add_token({"x", {Right::read}, 0s}, {}).error().field, "/days");
  EXPECT_EQ(accounts->add_token({"x", {Right::read}, 24h * 1000}, {}).error().field, "/days");
}

TEST(Passwords, AreProvedByScryptOfRfc7914) {
  // RFC 7914, section 12, the third vector has other costs than ours, so that the costs in the text are seen to be
  // used.
  const auto proof =
      fmt::format("scrypt$14$8$1$SodiumChloride$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
  EXPECT_TRUE(proves(Secret("pleaseletmein"), proof).value());
  EXPECT_FALSE(proves(Secret("pleaseletmeout"), proof).value());
  EXPECT_EQ(proof_of(kRight).value().rfind("scrypt$15$8$3$", 0), 0u);
}

TEST(Passwords, WithADamagedProofLetNobodyInAndTakeNoMemory) {
  for (const auto* proof : {"x", "scrypt$15$8$3$salt$", "scrypt$99$8$3$salt$00", "scrypt$-1$8$3$s$00", "md5$1$1$1$a$b",
                            "scrypt$15$8$3$salt$00"})
    EXPECT_FALSE(proves(Secret(""), proof).value_or(false)) << proof;
  EXPECT_FALSE(proves(Secret(""), "").value());
}

TEST(Passwords, OfTwoUsersWithTheSameOneAreNotSeenToBeTheSame) {
  EXPECT_NE(proof_of(kRight, {.log2_n = 4}).value(), proof_of(kRight, {.log2_n = 4}).value());
}

}  // namespace
}  // namespace larmor::accounts
