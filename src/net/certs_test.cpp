#include "net/certs.h"

#include <sys/stat.h>

#include "net/test_support.h"

namespace larmor::net {
namespace {
using namespace testing;
using std::chrono::days;

/// Certificates made once for all tests of this file, and those of a stranger.
struct Certificates {
  Scratch ours, strangers;
  Certificates() {
    const auto now = system_clock().now();
    EXPECT_TRUE(make_certificates({ours.path(), {"storage", "dispatch"}, {"pacs.example", "10.1.2.3"}}, now));
    EXPECT_TRUE(make_certificates({strangers.path(), {"storage", "dispatch"}, {}}, now));
  }
};

const Certificates& made() {
  static const Certificates certificates;
  return certificates;
}

std::vector<Route> who() {
  return {route(Method::get, "/who", [](const Request& r) { return say("peer=" + r.peer); }),
          route(Method::post, "/count", [](const Request& r) -> Result<Response> {
            return json_response({{"bytes", TRY(count(*r.body))}});
          })};
}

ServerOptions over_tls(bool mutual) {
  ServerOptions options;
  options.tls = tls_files(made().ours.path(), "storage", mutual);
  return options;
}

ClientOptions with(const std::filesystem::path& directory, const std::string& name) {
  ClientOptions options;
  options.tls = tls_files(directory, name, true);
  return options;
}

TEST(Certificates, AreAcceptedByOpensslAndNameTheirHosts) {
  const auto dir = made().ours.path().string();
  const auto out =
      shell(fmt::format("openssl verify -x509_strict -purpose sslserver -CAfile {0}/ca.pem {0}/storage.pem && "
                        "openssl verify -x509_strict -purpose sslclient -CAfile {0}/ca.pem {0}/storage.pem",
                        dir));
  EXPECT_NE(out.find("exit 0"), std::string::npos) << out;
  const auto state = read_certificate(made().ours.path() / "storage.pem").value();
  EXPECT_EQ(state.common_name, "storage");
  for (const auto* host : {"localhost", "127.0.0.1", "::1", "storage", "pacs.example", "10.1.2.3"})
    EXPECT_EQ(std::count(state.hosts.begin(), state.hosts.end(), host), 1) << host;
  EXPECT_GT(state.expires, system_clock().now() + days(820));
  EXPECT_GT(read_certificate(made().ours.path() / "ca.pem").value().expires, system_clock().now() + days(3640));
}

TEST(Certificates, KeepTheirKeysFromOthers) {
  for (const auto* file : {"ca.key", "storage.key"}) {
    struct stat status {};
    ASSERT_EQ(::stat((made().ours.path() / file).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << file;
  }
}

TEST(Certificates, AreMadeOnlyWhereMissing) {
  const Scratch directory;
  const CertificateOrder order{directory.path(), {"storage", "export"}, {}};
  const auto now = system_clock().now();
  EXPECT_EQ(make_certificates(order, now).value().size(), 6u);
  const auto authority = read_file(directory.path() / "ca.pem").value();
  const auto kept = read_file(directory.path() / "export.pem").value();
  EXPECT_TRUE(make_certificates(order, now).value().empty());
  std::filesystem::remove(directory.path() / "storage.pem");
  EXPECT_EQ(make_certificates(order, now).value().size(), 2u);
  EXPECT_EQ(read_file(directory.path() / "ca.pem").value(), authority);
  EXPECT_EQ(read_file(directory.path() / "export.pem").value(), kept);
  std::filesystem::remove(directory.path() / "ca.key");
  EXPECT_EQ(make_certificates(order, now).error().code, Code::conflict);
  EXPECT_EQ(read_file(directory.path() / "ca.pem").value(), authority);
}

TEST(Certificates, RefuseNamesThatWouldSmuggleSomethingIn) {
  const Scratch directory;
  const auto now = system_clock().now();
  EXPECT_FALSE(make_certificates({directory.path(), {"storage"}, {"a,DNS:bank.example"}}, now));
  EXPECT_FALSE(make_certificates({directory.path(), {"../storage"}, {}}, now));
  EXPECT_FALSE(make_certificates({directory.path(), {"ca"}, {}}, now));
}

TEST(Certificates, AreUnreadableInAFileThatIsNone) {
  const Scratch directory;
  ASSERT_TRUE(write_file_durably(directory.path() / "x.pem", "hello"));
  EXPECT_FALSE(read_certificate(directory.path() / "x.pem"));
  EXPECT_FALSE(read_certificate(directory.path() / "absent.pem"));
}

TEST(MutualTls, TellsTheServerWhoCalls) {
  const Running running(who(), over_tls(true));
  const auto client = client_of(running, with(made().ours.path(), "dispatch"));
  for (int i = 0; i < 3; ++i) {
    const auto reply = client->send(Method::get, "/who", "", Call::within(5s));
    ASSERT_TRUE(reply) << to_string(reply.error());
    EXPECT_EQ(reply->body, "peer=dispatch");
  }
  const auto dir = made().ours.path().string();
  const auto curl = shell(fmt::format(
      "curl -sS -m 5 --cacert {0}/ca.pem --cert {0}/dispatch.pem --key {0}/dispatch.key {1}/who", dir, running.base()));
  EXPECT_NE(curl.find("peer=dispatch"), std::string::npos) << curl;
}

TEST(MutualTls, RefusesACallerWithoutACertificateInTheHandshake) {
  const Running running(who(), over_tls(true));
  ClientOptions nameless;
  nameless.tls = TlsFiles{{}, {}, made().ours.path() / "ca.pem"};
  const auto reply = client_of(running, nameless)->send(Method::get, "/who", "", Call::within(5s));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unauthenticated) << to_string(reply.error());
  const auto ca = (made().ours.path() / "ca.pem").string();
  const auto curl = shell(fmt::format("curl -sS -m 5 --cacert {} {}/who", ca, running.base()));
  EXPECT_EQ(curl.find("peer="), std::string::npos) << curl;
  EXPECT_EQ(curl.find("exit 0"), std::string::npos) << curl;
  const auto old = shell(
      fmt::format("echo | openssl s_client -tls1_2 -CAfile {} -connect 127.0.0.1:{}", ca, running.server->port()));
  EXPECT_NE(old.find("alert"), std::string::npos) << old;
}

TEST(MutualTls, RefusesACallerOfAnotherAuthority) {
  const Running running(who(), over_tls(true));
  auto stranger = with(made().strangers.path(), "dispatch");
  stranger.tls->client_ca = made().ours.path() / "ca.pem";
  const auto client = client_of(running, stranger);
  const auto reply = client->send(Method::get, "/who", "", Call::within(5s));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unauthenticated) << to_string(reply.error());
  Counting source(50'000'000);
  const auto uploaded = client->upload(Method::post, "/count", source, Call::within(5s));
  ASSERT_FALSE(uploaded);
  EXPECT_EQ(uploaded.error().code, Code::unauthenticated) << to_string(uploaded.error());
}

TEST(Tls, RefusesAServerOfAnotherAuthority) {
  const Running running(who(), over_tls(false));
  const auto reply =
      client_of(running, with(made().strangers.path(), "dispatch"))->send(Method::get, "/who", "", Call::within(5s));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unauthenticated);
  EXPECT_NE(reply.error().what.find("not accepted"), std::string::npos) << reply.error().what;
}

TEST(Tls, RefusesAServerWhoseCertificateNamesAnotherHost) {
  auto listening = over_tls(false);
  listening.address = "0.0.0.0";
  const Running running(who(), listening);
  auto options = with(made().ours.path(), "dispatch");
  options.base = fmt::format("https://127.0.0.2:{}", running.server->port());
  const auto client = Client::make(options).value();
  const auto reply = client->send(Method::get, "/who", "", Call::within(5s));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unauthenticated) << to_string(reply.error());
}

TEST(Tls, RefusesVersionsThatAreBroken) {
  const Running running(who(), over_tls(false));
  const auto speak = [&](const std::string& version) {
    return shell(fmt::format("echo | openssl s_client {} -cipher DEFAULT@SECLEVEL=0 -connect 127.0.0.1:{}", version,
                             running.server->port()));
  };
  EXPECT_NE(speak("-tls1_3").find("TLSv1.3"), std::string::npos);
  EXPECT_NE(speak("-tls1_2").find("Protocol  : TLSv1.2"), std::string::npos);
  EXPECT_NE(speak("-tls1_1").find("alert protocol version"), std::string::npos);
}

TEST(Tls, CarriesLargeBodiesBothWays) {
  auto routes = who();
  routes.push_back(route(Method::get, "/stream", [](const Request&) -> Result<Response> {
    Response response;
    response.stream = std::make_shared<Counting>(20'000'000);
    return response;
  }));
  const Running running(std::move(routes), over_tls(true));
  const auto client = client_of(running, with(made().ours.path(), "dispatch"));
  Counting source(20'000'000);
  const auto up = client->upload(Method::post, "/count", source, Call::within(30s));
  ASSERT_TRUE(up) << to_string(up.error());
  EXPECT_EQ(Json::parse(up->body)["bytes"], 20'000'000);
  const auto down = client->download("/stream", Call::within(30s));
  ASSERT_TRUE(down) << to_string(down.error());
  EXPECT_EQ(count(*down->body).value_or(0), 20'000'000u);
}

TEST(Tls, ClosesAConnectionThatNeverShakesHands) {
  auto options = over_tls(false);
  options.header_timeout = 200ms;
  const Running running(who(), options);
  Raw raw(running.server->port());
  raw.read_to_end();
  EXPECT_TRUE(raw.closed());
}

TEST(Tls, SaysWhichFileIsWrong) {
  ServerOptions options;
  options.tls = TlsFiles{made().ours.path() / "storage.pem", made().ours.path() / "dispatch.key", {}};
  const auto mismatched = Server::listen(options, Router());
  ASSERT_FALSE(mismatched);
  EXPECT_NE(mismatched.error().what.find("dispatch.key"), std::string::npos) << mismatched.error().what;
  options.tls->certificate = "absent.pem";
  EXPECT_NE(Server::listen(options, Router()).error().what.find("absent.pem"), std::string::npos);
}

}  // namespace
}  // namespace larmor::net
