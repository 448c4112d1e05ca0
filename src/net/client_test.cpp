#include "net/client.h"

#include <atomic>

#include "net/test_support.h"

namespace larmor::net {
namespace {
using namespace testing;

TEST(Client, BringsTheProblemOfThePeerBackAsItsError) {
  const Error thrown{Code::conflict, "the lease was lost", "claim again", "/lease"};
  const Running running(
      {route(Method::post, "/lease", [&](const Request&) -> Result<Response> { return fail_with(thrown); })});
  const auto answer = client_of(running)->post("/lease", {{"a", 1}}, Call::within(5s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, thrown.code);
  EXPECT_EQ(answer.error().what, thrown.what);
  EXPECT_EQ(answer.error().hint, thrown.hint);
  EXPECT_EQ(answer.error().field, thrown.field);
}

TEST(Client, PassesDeadlineTraceAndKeyOn) {
  Call seen;
  const Running running({route(Method::put, "/x", [&](const Request& r) -> Result<Response> {
    seen = r.call();
    return json_response(TRY(r.json()));
  })});
  Call call = Call::within(20s, "key-7");
  call.trace = "0af7651916cd43dd8448eb211c80319c";
  const auto answer = client_of(running)->put("/x", {{"a", 1}}, call);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ((*answer)["a"], 1);
  EXPECT_EQ(seen.trace, call.trace);
  EXPECT_EQ(seen.idempotency_key, "key-7");
  EXPECT_NEAR(seconds(seen.left()), 20, 5);
}

TEST(Client, GivesUpAtTheDeadline) {
  std::atomic<bool> go{false};
  const Running running({route(Method::get, "/slow", [&](const Request&) -> Result<Response> {
    soon([&] { return go.load(); });
    return no_content();
  })});
  const auto start = std::chrono::steady_clock::now();
  const auto answer = client_of(running)->get("/slow", Call::within(100ms));
  const auto took = std::chrono::steady_clock::now() - start;
  go = true;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::timed_out) << to_string(answer.error());
  EXPECT_LT(took, 3s);
}

TEST(Client, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    const Running running({});
    port = running.server->port();
  }
  const auto client = Client::make({fmt::format("http://127.0.0.1:{}", port), {}}).value();
  const auto answer = client->get("/x?q=DOE", Call::within(2s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_NE(answer.error().what.find("refused"), std::string::npos) << answer.error().what;
  EXPECT_EQ(answer.error().what.find("DOE"), std::string::npos) << "a search may name a patient";
}

TEST(Client, KeepsItsConnectionAndOpensAnotherAfterAnIdleClose) {
  ServerOptions options;
  options.idle_timeout = 100ms;
  const Running running({route(Method::post, "/x", [](const Request&) { return say("1"); })}, options);
  const auto client = client_of(running);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client->post("/x", 1, Call::within(5s)));
    std::this_thread::sleep_for(300ms);
  }
}

/// Answers the first request of its first connection, then closes while the next one is under way; then answers all.
class Forgetful {
 public:
  Forgetful() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::listen(listener_.get(), 8);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int n = 0; n < 2; ++n) {
        FileHandle caller(::accept(listener_.get(), nullptr, nullptr));
        if (!caller) return;
        read_request(caller);
        constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
        ::send(caller.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
        read_request(caller);
      }
    });
  }
  ~Forgetful() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  std::uint16_t port = 0;
  std::atomic<int> requests{0};

 private:
  void read_request(const FileHandle& caller) {
    std::array<char, 4096> buffer{};
    requests += ::recv(caller.get(), buffer.data(), buffer.size(), 0) > 0 ? 1 : 0;
  }
  FileHandle listener_;
  std::thread thread_;
};

TEST(Client, SendsAgainWhenAKeptConnectionClosesUnderARequest) {
  Forgetful peer;
  const auto client = Client::make({fmt::format("http://127.0.0.1:{}", peer.port), {}}).value();
  ASSERT_TRUE(client->get("/x", Call::within(5s)));
  const auto second = client->get("/x", Call::within(5s));
  EXPECT_TRUE(second) << to_string(second.error());
  EXPECT_EQ(peer.requests, 3);
}

TEST(Client, NeverSendsTwiceWhatMayHaveHadAnEffect) {
  Forgetful peer;
  {
    const auto client = Client::make({fmt::format("http://127.0.0.1:{}", peer.port), {}}).value();
    ASSERT_TRUE(client->post("/x", 1, Call::within(5s)));
    const auto second = client->post("/x", 1, Call::within(5s));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::unavailable);
    EXPECT_EQ(peer.requests, 2);
    EXPECT_TRUE(client->post("/x", 1, Call::within(5s, "with a key")));
  }
}

TEST(Client, HearsARefusalWhileItStillUploads) {
  const Running running({route(Method::post, "/full", [](const Request&) -> Result<Response> {
    return fail(Code::out_of_space, "the disk is full");
  })});
  Counting source(500'000'000);
  const auto answer = client_of(running)->upload(Method::post, "/full", source, Call::within(20s));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::out_of_space) << to_string(answer.error());
}

TEST(Client, EndsAnUploadWhoseSourceFails) {
  struct Failing final : ByteSource {
    int calls = 0;
    Result<std::size_t> read(MutableBytes into) override {
      if (++calls > 3) return fail(Code::unavailable, "the sender died");
      return into.size();
    }
  };
  std::atomic<int> cut{0};
  const Running running({route(Method::post, "/x", [&](const Request& r) -> Result<Response> {
    std::vector<std::byte> buffer(65536);
    for (;;) {
      const auto n = r.body->read(buffer);
      cut += n ? 0 : 1;
      if (!n || *n == 0) return no_content();
    }
  })});
  Failing source;
  const auto answer = client_of(running)->upload(Method::post, "/x", source, Call::within(20s));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().what.find("the sender died"), std::string::npos);
  EXPECT_TRUE(soon([&] { return cut == 1; })) << "the peer must not take it for whole";
}

TEST(Client, WaitsForAFreeConnectionWithinItsBound) {
  std::atomic<int> now{0}, most{0};
  const Running running({route(Method::get, "/x", [&](const Request&) -> Result<Response> {
    most = std::max(most.load(), ++now);
    std::this_thread::sleep_for(20ms);
    --now;
    return no_content();
  })});
  ClientOptions options;
  options.connections = 2;
  const auto client = client_of(running, options);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) threads.emplace_back([&] { right += client->get("/x", Call::within(10s)) ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 8);
  EXPECT_LE(most, 2);
}

TEST(Client, RefusesAnAddressThatIsNone) {
  for (const auto* base :
       {"", "localhost:80", "http://", "http://x:y", "http://x:99999", "http://]", "http:///", "https://x/path"})
    EXPECT_FALSE(Client::make({base, {}})) << base;
  EXPECT_TRUE(Client::make({"http://[::1]:80", {}}));
}

}  // namespace
}  // namespace larmor::net
