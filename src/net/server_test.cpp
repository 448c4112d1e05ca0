#include "net/server.h"

#include <atomic>

#include "net/test_support.h"

namespace larmor::net {
namespace {
using namespace testing;

std::vector<Route> plain_routes() {
  return {route(Method::get, "/hello", [](const Request&) { return say("hello"); }),
          route(Method::post, "/echo",
                [](const Request& r) -> Result<Response> { return say(TRY(read_all(*r.body, 1u << 20))); })};
}

const std::string kGet = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(Server, AnswersSeveralRequestsOnOneConnection) {
  const Running running(plain_routes());
  Raw raw(running.server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(raw.send(kGet));
    EXPECT_NE(raw.read_until("hello").find("HTTP/1.1 200 OK\r\n"), std::string::npos);
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const Running running(plain_routes());
  Raw raw(running.server->port());
  const auto post = [](std::string text) {
    return fmt::format("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", text.size(), text);
  };
  ASSERT_TRUE(raw.send(post("first") + post("second") + kGet));
  const auto all = raw.read_until("hello");
  EXPECT_LT(all.find("first"), all.find("second"));
  EXPECT_LT(all.find("second"), all.find("hello"));
}

TEST(Server, AnswersManyClientsAtOnce) {
  const Running running(plain_routes());
  const auto client = client_of(running);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto text = Json(fmt::format("{}-{}", t, i)).dump();
        const auto reply = client->send(Method::post, "/echo", text, Call::within(10s, "key"));
        right += reply && reply->body == text ? 1 : 0;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 800);
}

TEST(Server, SpeaksWithCurl) {
  const Running running(plain_routes());
  const auto out = shell(fmt::format("curl -sS -m 5 -i {}/hello", running.base()));
  EXPECT_NE(out.find("content-length: 5"), std::string::npos) << out;
  EXPECT_NE(out.find("exit 0"), std::string::npos) << out;
  const auto head = shell(fmt::format("curl -sS -m 5 --head {}/hello", running.base()));
  EXPECT_NE(head.find("content-length: 5"), std::string::npos) << head;
  EXPECT_EQ(head.find("hello\n"), std::string::npos);
  const auto old = shell(fmt::format("curl -sS -m 5 --http1.0 -i {}/hello", running.base()));
  EXPECT_NE(old.find("hello"), std::string::npos) << old;
}

TEST(Server, TakesALargeUploadWithoutKeepingIt) {
  std::atomic<double> most{0};
  std::vector<Route> routes = {route(Method::post, "/count", [&](const Request& r) -> Result<Response> {
    const auto n = TRY(count(*r.body));
    most = resident_megabytes();
    return json_response({{"bytes", n}});
  })};
  const Running running(std::move(routes));
  const auto client = client_of(running);
  const auto before = resident_megabytes();
  Counting source(200'000'000);
  const auto reply = client->upload(Method::post, "/count", source, Call::within(60s));
  ASSERT_TRUE(reply) << to_string(reply.error());
  EXPECT_EQ(Json::parse(reply->body)["bytes"], 200'000'000);
  EXPECT_LT(most - before, 30) << "megabytes more in memory during the upload";
}

TEST(Server, TakesCurlsUploadsChunkedAndSized) {
  std::vector<Route> routes = {route(Method::put, "/count", [](const Request& r) -> Result<Response> {
    std::vector<std::byte> piece(100'000);
    std::uint64_t all = 0;
    for (;;) {
      const auto n = TRY(r.body->read(piece));
      if (n == 0) return say(fmt::format("got {}", all));
      all += n;
    }
  })};
  const Running running(std::move(routes));
  const auto sized =
      shell(fmt::format("head -c 30000000 /dev/zero > /tmp/larmor-net-{0}; "
                        "curl -sS -m 20 -T /tmp/larmor-net-{0} {1}/count; rm /tmp/larmor-net-{0}",
                        ::getpid(), running.base()));
  EXPECT_NE(sized.find("got 30000000"), std::string::npos) << sized;
  const auto chunked = shell(fmt::format("head -c 30000000 /dev/zero | curl -sS -m 20 -T - {}/count", running.base()));
  EXPECT_NE(chunked.find("got 30000000"), std::string::npos) << chunked;
}

TEST(Server, SendsAStreamWithItsSizeOrInChunks) {
  const Whole bytes("size", 0, 1 << 30, 0, "bytes");
  std::vector<Route> routes = {route(Method::get, "/stream", [bytes](const Request& r) -> Result<Response> {
    Response response;
    const auto size = static_cast<std::uint64_t>(TRY(bytes.in(r)));
    response.stream = std::make_shared<Counting>(size);
    if (r.parameter("sized")) response.stream_size = size;
    return response;
  })};
  routes[0].query = {bytes, Text("sized", "say so beforehand")};
  const Running running(std::move(routes));
  const auto client = client_of(running);
  for (const std::uint64_t size : {0, 1, 65536, 262143, 262144, 262145, 5'000'000}) {
    for (const auto* how : {"&sized", ""}) {
      const auto reply = client->download(fmt::format("/stream?size={}{}", size, how), Call::within(10s));
      ASSERT_TRUE(reply) << to_string(reply.error());
      EXPECT_EQ(reply->size.has_value(), *how != '\0');
      EXPECT_EQ(count(*reply->body).value_or(0), size);
    }
  }
}

TEST(Server, CutsAStreamWhoseSourceFailsSoThatNobodyTakesItForWhole) {
  struct Failing final : ByteSource {
    int calls = 0;
    Result<std::size_t> read(MutableBytes into) override {
      if (++calls > 3) return fail(Code::corrupt, "a damaged block");
      return into.size();
    }
  };
  std::vector<Route> routes = {route(Method::get, "/stream", [](const Request&) -> Result<Response> {
    Response response;
    response.stream = std::make_shared<Failing>();
    return response;
  })};
  const Running running(std::move(routes));
  const auto reply = client_of(running)->download("/stream", Call::within(10s));
  ASSERT_TRUE(reply);
  std::vector<std::byte> buffer(1u << 20);
  Result<std::size_t> n = 1;
  while (n && *n > 0) n = reply->body->read(buffer);
  EXPECT_FALSE(n);
}

TEST(Server, TellsTheHandlerWhenABodyIsCutOff) {
  std::atomic<int> failed{0};
  std::vector<Route> routes = {route(Method::post, "/count", [&](const Request& r) -> Result<Response> {
    const auto n = count(*r.body);
    if (!n) ++failed;
    return n ? Result<Response>(no_content()) : fail_with(n.error());
  })};
  const Running running(std::move(routes));
  for (const auto* framing : {"Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n100\r\n"}) {
    const int before = failed;
    Raw raw(running.server->port());
    ASSERT_TRUE(raw.send(std::string("POST /count HTTP/1.1\r\nHost: x\r\n") + framing + "only this"));
    raw.hang_up();
    EXPECT_TRUE(soon([&] { return failed == before + 1; }));
  }
  EXPECT_NE(shell("curl -sS -m 5 " + running.base() + "/nothing").find("404"), std::string::npos);
}

TEST(Server, NeverStartsAHandlerWhoseSmallBodyIsCutOff) {
  std::atomic<int> called{0};
  std::vector<Route> routes = {route(Method::post, "/act", [&](const Request&) -> Result<Response> {
    ++called;
    return no_content();
  })};
  const Running running(std::move(routes));
  Raw raw(running.server->port());
  ASSERT_TRUE(raw.send("POST /act HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"));
  raw.hang_up();
  EXPECT_NE(shell("curl -sS -m 5 -X POST -i " + running.base() + "/act").find("204"), std::string::npos);
  EXPECT_EQ(called, 1);
}

TEST(Server, ClosesAConnectionWhoseHeaderDrips) {
  ServerOptions options;
  options.header_timeout = 200ms;
  const Running running(plain_routes(), options);
  Raw raw(running.server->port());
  bool open = true;
  for (int i = 0; i < 100 && open; ++i) {
    open = raw.send("X");
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_FALSE(open) << "two seconds of dripping were let through";
}

TEST(Server, ClosesAnIdleConnectionAndASilentBody) {
  ServerOptions options;
  options.idle_timeout = 200ms;
  const Running running(plain_routes(), options);
  Raw idle(running.server->port());
  idle.read_to_end();
  EXPECT_TRUE(idle.closed());
  Raw silent(running.server->port());
  ASSERT_TRUE(silent.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc"));
  const auto answer = silent.read_to_end();
  EXPECT_TRUE(silent.closed());
}

TEST(Server, ClosesABodyThatDrips) {
  ServerOptions options;
  options.idle_timeout = 300ms;
  const Running running(plain_routes(), options);
  for (const auto* framed : {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"}) {
    Raw raw(running.server->port());
    ASSERT_TRUE(raw.send(std::string("POST /echo HTTP/1.1\r\nHost: x\r\n") + framed));
    bool open = true;
    for (int i = 0; i < 200 && open; ++i) {
      open = raw.send(*framed == 'C' ? "x" : "1\r\nx\r\n");
      std::this_thread::sleep_for(20ms);
    }
    EXPECT_FALSE(open) << "four seconds of dripping were let through: " << framed;
  }
}

TEST(Server, AnswersOthersWhileAllWhoSendAreSlow) {
  ServerOptions options;
  options.workers = 4;
  const Running running(plain_routes(), options);
  std::vector<std::unique_ptr<Raw>> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(std::make_unique<Raw>(running.server->port()));
    slow.back()->send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
  }
  for (const auto& quick : {kGet, std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")}) {
    Raw raw(running.server->port());
    raw.send(quick);
    EXPECT_NE(raw.read_until("hello").find("200 OK"), std::string::npos) << quick;
  }
  for (auto& one : slow) one->send("0\r\n\r\n");
  for (auto& one : slow) EXPECT_NE(one->read_until("\r\n\r\n").find("200 OK"), std::string::npos);
}

TEST(Server, RefusesWhatIsNoHttp) {
  const Running running(plain_routes());
  const auto status_of = [&](const std::string& text) {
    Raw raw(running.server->port());
    raw.send(text);
    const auto answer = raw.read_to_end();
    return answer.size() > 12 ? answer.substr(9, 3) : "none";
  };
  EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\nHost: x\r\nLong: " + std::string(20000, 'a') + "\r\n\r\n"), "431");
  EXPECT_EQ(status_of("\x16\x03\x01 this is TLS\r\n\r\n"), "400");
  EXPECT_EQ(status_of("GET /hello HTTP/1.1\r\n\r\n"), "400") << "Host is missing";
  EXPECT_EQ(status_of("BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n"), "501");
  EXPECT_EQ(status_of("GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n"), "400");
  EXPECT_EQ(status_of("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"), "501");
  EXPECT_EQ(
      status_of("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      "400")
      << "two lengths: the way requests are smuggled";
}

TEST(Server, RefusesABodyBeyondItsBound) {
  ServerOptions options;
  options.largest_body = 1000;
  const Running running(plain_routes(), options);
  const auto sized = shell(fmt::format(
      "head -c 5000 /dev/zero | curl -sS -m 5 -w '%{{http_code}}' --data-binary @- {}/echo", running.base()));
  EXPECT_NE(sized.find("413"), std::string::npos) << sized;
  const auto chunked = shell(
      fmt::format("head -c 5000 /dev/zero | curl -sS -m 5 -w '%{{http_code}}' -X POST -T - {}/echo", running.base()));
  EXPECT_NE(chunked.find("413"), std::string::npos) << chunked;
}

TEST(Server, AnswersBusyBeyondItsBacklog) {
  std::atomic<bool> go{false};
  std::atomic<int> inside{0};
  std::vector<Route> routes = {route(Method::get, "/slow", [&](const Request&) -> Result<Response> {
    ++inside;
    soon([&] { return go.load(); });
    return no_content();
  })};
  ServerOptions options;
  options.workers = 1;
  options.backlog = 1;
  const Running running(std::move(routes), options);
  std::vector<std::unique_ptr<Raw>> raws;
  const std::string get = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
  raws.push_back(std::make_unique<Raw>(running.server->port()));
  raws.back()->send(get);
  ASSERT_TRUE(soon([&] { return inside == 1; }));
  int busy = 0;
  for (int i = 0; i < 4; ++i) {
    raws.push_back(std::make_unique<Raw>(running.server->port()));
    raws.back()->send(get);
  }
  EXPECT_TRUE(
      soon([&] { return std::count_if(raws.begin(), raws.end(), [](auto& raw) { return raw->has_more(); }) == 3; }));
  go = true;
  for (auto& raw : raws) {
    const auto answer = raw->read_until("\r\n\r\n");
    if (answer.find("HTTP/1.1 503") == 0) {
      ++busy;
      EXPECT_NE(answer.find("retry-after"), std::string::npos);
    }
  }
  EXPECT_EQ(busy, 3) << "one is answered and one waits";
}

TEST(Server, AnswersBusyBeyondItsConnections) {
  ServerOptions options;
  options.connections = 2;
  const Running running(plain_routes(), options);
  Raw first(running.server->port()), second(running.server->port());
  first.send(kGet);
  second.send(kGet);
  first.read_until("hello");
  second.read_until("hello");
  Raw third(running.server->port());
  third.send(kGet);
  EXPECT_EQ(third.read_to_end().find("HTTP/1.1 503"), 0u);
  first.hang_up();
  EXPECT_TRUE(soon([&] {
    Raw again(running.server->port());
    again.send(kGet);
    return again.read_until("hello").find("200 OK") != std::string::npos;
  }));
}

TEST(EventStream, DeliversAndStopsAskingWhenTheReaderLeaves) {
  std::atomic<int> asked{0};
  std::vector<Route> routes = {route(Method::get, "/events", [&](const Request&) -> Result<Response> {
    Response response;
    response.events = EventStream{[&]() -> Result<std::string> { return fmt::format("data: {}\n\n", ++asked); }, 20ms};
    return response;
  })};
  const Running running(std::move(routes));
  Raw raw(running.server->port());
  raw.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto seen = raw.read_until("data: 3\n\n");
  EXPECT_NE(seen.find("text/event-stream"), std::string::npos);
  EXPECT_LT(seen.find("data: 1\n\n"), seen.find("data: 2\n\n"));
  raw.hang_up();
  int before = -1;
  EXPECT_TRUE(soon([&] {
    std::this_thread::sleep_for(100ms);
    return std::exchange(before, asked.load()) == asked;
  })) << "still asked without a reader";
  const auto curl = shell(fmt::format("curl -sS -N -m 1 {}/events | head -2", running.base()));
  EXPECT_NE(curl.find("data: "), std::string::npos) << curl;
}

TEST(EventStream, HoldsNoThreadWhileNothingHappens) {
  std::vector<Route> routes = plain_routes();
  routes.push_back(route(Method::get, "/events", [](const Request&) -> Result<Response> {
    Response response;
    response.events = EventStream{[]() -> Result<std::string> { return std::string(); }, 50ms};
    return response;
  }));
  ServerOptions options;
  options.workers = 2;
  const Running running(std::move(routes), options);
  std::vector<std::unique_ptr<Raw>> readers;
  for (int i = 0; i < 100; ++i) {
    readers.push_back(std::make_unique<Raw>(running.server->port()));
    readers.back()->send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  for (auto& reader : readers) EXPECT_NE(reader->read_until("\r\n\r\n").find("200 OK"), std::string::npos);
  Raw raw(running.server->port());
  raw.send(kGet);
  EXPECT_NE(raw.read_until("hello").find("hello"), std::string::npos);
}

TEST(EventStream, EndsWithAnError) {
  std::vector<Route> routes = {route(Method::get, "/events", [](const Request&) -> Result<Response> {
    Response response;
    response.events = EventStream{[n = 0]() mutable -> Result<std::string> {
                                    if (++n > 2) return fail(Code::unavailable, "the log is away");
                                    return "data: x\n\n";
                                  },
                                  10ms};
    return response;
  })};
  const Running running(std::move(routes));
  const auto curl = shell(fmt::format("curl -sS -N -m 5 {}/events", running.base()));
  EXPECT_NE(curl.find("data: x\n\ndata: x\n\nexit 0"), std::string::npos) << curl;
}

TEST(Server, LetsARunningRequestFinishWhenItStops) {
  std::atomic<bool> inside{false};
  std::vector<Route> routes = {route(Method::get, "/slow", [&](const Request&) -> Result<Response> {
    inside = true;
    std::this_thread::sleep_for(200ms);
    return say("finished");
  })};
  Running running(std::move(routes));
  Raw idle(running.server->port());
  Raw raw(running.server->port());
  raw.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(soon([&] { return inside.load(); }));
  const auto start = std::chrono::steady_clock::now();
  running.server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s) << "an idle connection held it up";
  EXPECT_NE(raw.read_to_end().find("finished"), std::string::npos);
}

TEST(Server, SaysWhyItCannotListen) {
  const Running running(plain_routes());
  ServerOptions options;
  options.port = running.server->port();
  const auto second = Server::listen(options, running.router);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("in use"), std::string::npos) << second.error().what;
}

}  // namespace
}  // namespace larmor::net
