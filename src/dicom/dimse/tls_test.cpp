/// DICOM over TLS, with certificates made for the test.
#include <gmock/gmock.h>

#include "dicom/dimse/testing/shelf.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse {
namespace {

using namespace testing;

class Counting final : public Shelf {
 public:
  Result<void> store(const Association&, const StoreRequest&, ByteSource& dataset) override {
    bytes += read_all(dataset, 100 << 20).value().size();
    return {};
  }
  void rejected(const Association&, std::string_view) override { ++refused; }
  std::atomic<std::size_t> bytes{0};
  std::atomic<int> refused{0};
};

class ATlsScp : public ::testing::Test {
 protected:
  void SetUp() override {
    certificate("ca", "-x509 -days 2");
    for (const auto* name : {"server", "client"}) {
      certificate(name, "");
      openssl(fmt::format("x509 -req -days 2 -in {0}.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out {0}.crt", name));
    }
    certificate("stranger", "-x509 -days 2");
    ScpOptions options;
    options.address = "127.0.0.1", options.port = 0, options.greeting = 3s;
    options.tls = TlsFiles{path("server.crt"), path("server.key"), path("ca.pem")};
    auto made = Scp::listen(options, handler_);
    ASSERT_TRUE(made) << to_string(made.error());
    scp_ = std::move(*made);
  }
  void openssl(const std::string& command) {
    Process done({"sh", "-c", fmt::format("cd {} && openssl {}", folder_.path().string(), command)});
    ASSERT_EQ(done.wait(), 0) << done.output();
  }
  void certificate(const std::string& name, const std::string& options) {
    openssl(fmt::format("req -newkey rsa:2048 -nodes -subj /CN={0} -keyout {0}.key -out {0}.pem {1}", name, options));
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  Peer peer(const std::string& name, const std::string& extension = ".crt") {
    Peer p{"LARMOR", "127.0.0.1", scp_->port(), AeTitle("LARMOR"), AeTitle("TESTER")};
    p.tls = TlsFiles{path(name + extension), path(name + ".key"), path("ca.pem")};
    p.connect = 3s;
    return p;
  }

  Scratch folder_;
  Counting handler_;
  std::unique_ptr<Scp> scp_;
};

TEST_F(ATlsScp, TakesObjectsOfWhomItTrusts) {
  Made big;
  big.pixels = 400'000;
  const auto file = file_of(big);
  const Outgoing object{
      SopClassUid(big.sop_class), SopUid(big.instance), TransferSyntaxUid(big.transfer_syntax),
      [&]() -> Result<std::unique_ptr<ByteSource>> { return std::make_unique<MemorySource>(as_bytes(file)); }};
  const auto delivery = send(peer("client"), std::vector{object});
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_EQ(delivery->sent, 1);
  EXPECT_EQ(handler_.bytes, data_set(big).size());
}

TEST_F(ATlsScp, SpeaksWithDcmtk) {
  Process echo({"echoscu", "-aec", "LARMOR", "+tls", path("client.key").string(), path("client.crt").string(), "+cf",
                path("ca.pem").string(), "127.0.0.1", std::to_string(scp_->port())});
  EXPECT_EQ(echo.wait(), 0) << echo.output();
}

/// The caller asks over TLS, and the objects go out over TLS.
TEST_F(ATlsScp, SendsToADestinationThatSpeaksTls) {
  Scratch received;
  handler_.put_images(3);
  handler_.neighbour = peer("server");
  handler_.neighbour->called = AeTitle("VIEWER"), handler_.neighbour->port = free_port();
  Process storescp({"storescp", "-aet", "VIEWER", "+tls", path("client.key").string(), path("client.crt").string(),
                    "+cf", path("ca.pem").string(), "-od", received.path().string(),
                    std::to_string(handler_.neighbour->port)});
  ASSERT_TRUE(listens(handler_.neighbour->port));
  const auto ask = [&] {
    return move(peer("client"), Level::study, {{"StudyInstanceUID", "2.25.1"}}, AeTitle("VIEWER"));
  };
  const auto moved = ask();
  ASSERT_TRUE(moved) << to_string(moved.error()) << storescp.output();
  EXPECT_EQ(moved->completed, 3);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(received.path()), {}), 3);
  handler_.neighbour->tls->authorities = path("stranger.pem");  // no longer trusted: nothing goes there
  EXPECT_FALSE(ask());
}

TEST_F(ATlsScp, RefusesStrangersAndPlainConnections) {
  EXPECT_FALSE(echo(peer("stranger", ".pem")));
  auto plain = peer("client");
  plain.tls.reset();
  EXPECT_FALSE(echo(plain));
  EXPECT_TRUE(eventually([&] { return handler_.refused >= 2; }));
  EXPECT_TRUE(echo(peer("client")));
}

TEST_F(ATlsScp, NamesTheFileThatDoesNotServe) {
  auto p = peer("client");
  p.tls->key = path("absent.key");
  const auto told = echo(p);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, Code::invalid);
  EXPECT_THAT(told.error().what, ::testing::HasSubstr("absent.key"));
}

}  // namespace
}  // namespace larmor::dimse
