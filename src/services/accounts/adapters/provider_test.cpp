#include "services/accounts/adapters/provider.h"

#include <gmock/gmock.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/base64.h"
#include "net/test_support.h"
#include "services/accounts/adapters/jwk.h"

namespace larmor::accounts {
namespace {

/// A key of a provider: what it publishes, and what it signs.
class Signer {
 public:
  Signer(std::string id, const char* algorithm) : id_(std::move(id)), algorithm_(algorithm) {
    key_ = algorithm_ == "RS256" ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
  }
  ~Signer() { EVP_PKEY_free(key_); }
  Signer(const Signer&) = delete;

  Json published() const {
    if (algorithm_ == "RS256")
      return {{"kty", "RSA"}, {"kid", id_}, {"use", "sig"}, {"n", number("n", 256)}, {"e", number("e", 3)}};
    return {{"kty", "EC"}, {"kid", id_}, {"crv", "P-256"}, {"x", number("qx", 32)}, {"y", number("qy", 32)}};
  }
  std::string token(const Json& claims, Json header = {}) const {
    if (header.is_null()) header = {{"alg", algorithm_}, {"kid", id_}};
    const auto text = to_base64url(header.dump()) + "." + to_base64url(claims.dump());
    return text + "." + to_base64url(sign(text));
  }

 private:
  std::string number(const char* name, std::size_t size) const {
    BIGNUM* n = nullptr;
    EXPECT_EQ(EVP_PKEY_get_bn_param(key_, name, &n), 1);
    std::string bytes(size, '\0');
    BN_bn2binpad(n, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size));
    BN_free(n);
    return to_base64url(bytes);
  }
  std::string sign(const std::string& text) const {
    auto* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    const auto* input = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    EVP_DigestSign(context, nullptr, &size, input, text.size());
    std::string made(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(made.data()), &size, input, text.size());
    made.resize(size);
    EVP_MD_CTX_free(context);
    return algorithm_ == "RS256" ? made : flat(made);
  }
  /// DER to r and s one after the other.
  static std::string flat(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    auto* both = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string bytes(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(both), reinterpret_cast<unsigned char*>(bytes.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), reinterpret_cast<unsigned char*>(bytes.data()) + 32, 32);
    ECDSA_SIG_free(both);
    return bytes;
  }

  const std::string id_, algorithm_;
  EVP_PKEY* key_;
};

/// A provider in the hands of the test: it says what the test wants, for every code. A real one is met in
/// tests/browser.
class AtTheProvider : public ::testing::Test {
 protected:
  AtTheProvider() { me = std::make_unique<Provider>(options(), clock); }

  ProviderOptions options() {
    ProviderOptions o{.issuer = server.base(),
                      .client = "larmor",
                      .secret = Secret("shh"),
                      .back = "https://larmor.example/v1/session/return",
                      .authorities = {}};
    o.roles = {.path = "realm.roles", .readers = {"radiology"}, .operators = {"mta"}, .administrators = {"pacs-admin"}};
    return o;
  }
  std::vector<net::Route> routes() {
    using enum net::Method;
    const auto json = [this](Json& what) {
      return [&what, this](const net::Request&) -> Result<net::Response> { return ++asked, net::json_response(what); };
    };
    return {net::testing::route(get, "/.well-known/openid-configuration", json(discovery)),
            net::testing::route(get, "/keys", json(keys)),
            net::testing::route(post, "/token", [this](const net::Request& r) -> Result<net::Response> {
              form = read_all(*r.body, 10'000).value();
              return net::json_response({{"id_token", token}});
            })};
  }
  static std::string value(const std::string& address, const std::string& name) {
    const auto at = address.find(name + "=");
    const auto from = at + name.size() + 1;
    return at == std::string::npos ? "" : address.substr(from, address.find('&', from) - from);
  }
  Json claims() const {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
    return {{"iss", server.base()},
            {"aud", "larmor"},
            {"sub", "u-17"},
            {"nonce", nonce},
            {"iat", now},
            {"exp", now + 300},
            {"preferred_username", "anna"},
            {"realm", {{"roles", {"staff", "radiology"}}}}};
  }
  /// Sets out, lets the provider answer with what `answer` makes of the right claims, and comes back.
  Result<Arrival> go(const std::function<std::string(Json)>& answer) {
    discovery = {{"issuer", server.base()},
                 {"authorization_endpoint", server.base() + "/authorize"},
                 {"token_endpoint", server.base() + "/token"},
                 {"jwks_uri", server.base() + "/keys"}};
    left = me->set_out("/studies/1.2", {}).value();
    nonce = value(left.address, "nonce");
    token = answer(claims());
    return me->come_back("code-1", value(left.address, "state"), left.binding, {});
  }
  Result<Arrival> with(const std::string& claim, const Json& wrong) {
    return go([&](Json c) {
      c[claim] = wrong;
      if (wrong.is_null()) c.erase(claim);
      return rsa.token(c);
    });
  }

  Signer rsa{"k1", "RS256"}, ec{"k2", "ES256"}, stranger{"k1", "RS256"};
  ManualClock clock{Time(1'800'000'000s)};
  Json discovery, keys = {{"keys", {rsa.published(), ec.published()}}};
  std::string token, form, nonce;
  std::atomic<int> asked = 0;
  net::testing::Running server{routes()};
  std::unique_ptr<Provider> me;
  Departure left;
};

TEST_F(AtTheProvider, APersonIsKnownByNameSubjectAndRole) {
  for (const auto* signer : {&rsa, &ec}) {
    const auto arrived = go([&](const Json& c) { return signer->token(c); });
    ASSERT_TRUE(arrived) << to_string(arrived.error());
    EXPECT_EQ(arrived->name, "anna");
    EXPECT_EQ(arrived->subject, "u-17");
    EXPECT_EQ(arrived->role, Role::reader);
    EXPECT_EQ(arrived->back_to, "/studies/1.2");
  }
}

TEST_F(AtTheProvider, TheCodeIsBoundToThisJourneyByPkce) {
  ASSERT_TRUE(go([&](const Json& c) { return rsa.token(c); }));
  EXPECT_EQ(value(left.address, "code_challenge_method"), "S256");
  EXPECT_EQ(value(left.address, "redirect_uri"), "https%3A%2F%2Flarmor.example%2Fv1%2Fsession%2Freturn");
  EXPECT_EQ(value(form, "code"), "code-1");
  EXPECT_EQ(value(form, "client_secret"), "shh");
  EXPECT_EQ(value(form, "code_verifier").size(), 64u);
  EXPECT_EQ(left.address.find(value(form, "code_verifier")), std::string::npos);
}

TEST_F(AtTheProvider, TheHighestRoleCountsAndNoRoleIsNoEntry) {
  EXPECT_EQ(with("realm", {{"roles", {"radiology", "pacs-admin", "mta"}}})->role, Role::administrator);
  EXPECT_EQ(with("realm", {{"roles", "mta"}})->role, Role::operator_) << "one value may be a text";
  for (const auto& none :
       {Json({{"roles", {"cleaning"}}}), Json({{"roles", Json::array()}}), Json("radiology"), Json()})
    EXPECT_EQ(with("realm", none).error().code, Code::forbidden);
}

TEST_F(AtTheProvider, TokensForOthersOfOthersOrOfAnotherTimeAreRefused) {
  const auto now = claims()["iat"].get<std::int64_t>();
  EXPECT_TRUE(with("aud", {"larmor"}));
  for (const auto& [claim, wrong] : std::vector<std::pair<std::string, Json>>{{"iss", "https://evil.example"},
                                                                              {"iss", Json()},
                                                                              {"aud", "another"},
                                                                              {"aud", {"larmor", "another"}},
                                                                              {"aud", Json()},
                                                                              {"nonce", "another"},
                                                                              {"nonce", Json()},
                                                                              {"sub", ""},
                                                                              {"exp", now - 61},
                                                                              {"exp", "never"},
                                                                              {"exp", Json()},
                                                                              {"iat", now + 61},
                                                                              {"iat", now - 3600},
                                                                              {"nbf", now + 61}})
    EXPECT_EQ(with(claim, wrong).error().code, Code::unauthenticated) << claim << " " << wrong;
  EXPECT_TRUE(with("exp", now - 59)) << "clocks differ by a minute";
  EXPECT_TRUE(with("iat", now + 59));
}

TEST_F(AtTheProvider, TokensThatTheProviderDidNotSignAreRefused) {
  const auto none = [](const Json& c) {
    return to_base64url(R"({"alg":"none"})") + "." + to_base64url(c.dump()) + ".";
  };
  const auto hmac = [&](const Json& c) { return stranger.token(c, {{"alg", "HS256"}, {"kid", "k1"}}); };
  const auto mixed = [&](const Json& c) { return ec.token(c, {{"alg", "RS256"}, {"kid", "k1"}}); };
  const auto unknown = [&](const Json& c) { return stranger.token(c, {{"alg", "RS256"}, {"kid", "k9"}}); };
  const auto changed = [&](Json c) {
    const auto parts = rsa.token(c);
    c["preferred_username"] = "root";
    return parts.substr(0, parts.find('.') + 1) + to_base64url(c.dump()) + parts.substr(parts.rfind('.'));
  };
  for (const auto& forge : std::vector<std::function<std::string(Json)>>{
           none, hmac, mixed, unknown, changed, [&](const Json& c) { return stranger.token(c); },
           [](const Json&) { return "a.b"; }, [](const Json&) { return std::string(100'000, '.'); },
           [](const Json&) { return ""; }})
    EXPECT_EQ(go(forge).error().code, Code::unauthenticated);
}

TEST_F(AtTheProvider, AStateIsGoodOnceInItsBrowserForTenMinutes) {
  const auto right = [&](const Json& c) { return rsa.token(c); };
  ASSERT_TRUE(go(right));
  const auto state = value(left.address, "state");
  EXPECT_EQ(me->come_back("code-1", state, left.binding, {}).error().code, Code::unauthenticated) << "twice";
  const auto other = me->set_out("/", {}).value();
  EXPECT_EQ(me->come_back("c", value(other.address, "state"), left.binding, {}).error().code, Code::unauthenticated)
      << "another browser's";
  EXPECT_EQ(me->come_back("c", "invented", left.binding, {}).error().code, Code::unauthenticated);
  const auto late = me->set_out("/", {}).value();
  clock.advance(10min);
  EXPECT_EQ(me->come_back("c", value(late.address, "state"), late.binding, {}).error().code, Code::unauthenticated);
}

TEST_F(AtTheProvider, ANewKeyIsLearntAndAnUnknownOneDoesNotFloodTheProvider) {
  ASSERT_TRUE(go([&](const Json& c) { return rsa.token(c); }));
  const Signer fresh("k3", "ES256");
  keys = {{"keys", {fresh.published()}}};
  clock.advance(11s);
  EXPECT_TRUE(go([&](const Json& c) { return fresh.token(c); }));
  const int before = asked;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(go([&](const Json& c) { return stranger.token(c); }));
  EXPECT_EQ(asked, before) << "within ten seconds of the last time";
  clock.advance(1h);
  EXPECT_FALSE(go([&](const Json& c) { return ec.token(c); })) << "a key that was taken back is forgotten";
}

TEST_F(AtTheProvider, AProviderWithAnotherNameIsNotTrusted) {
  discovery = {{"issuer", "https://evil.example"},
               {"authorization_endpoint", "https://evil.example/a"},
               {"token_endpoint", "https://evil.example/t"},
               {"jwks_uri", "https://evil.example/k"}};
  EXPECT_EQ(me->set_out("/", {}).error().field, "accounts.oidc.issuer");
}

TEST_F(AtTheProvider, PlainHttpIsForTheLoopbackOnly) {
  auto o = options();
  o.issuer = "http://login.example";
  EXPECT_EQ(Provider(o, clock).set_out("/", {}).error().code, Code::invalid);
}

}  // namespace
}  // namespace larmor::accounts
