#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "net/client.h"
#include "services/events/make.h"
#include "services/events/rest/remote.h"
#include "services/events/rest/routes.h"

namespace larmor::events {
namespace {

/// A log, its server on a free port, and the same log seen through REST.
class EventRest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / fmt::format("larmor_event_rest_{}", ::getpid());
    local_ = std::move(*make(directory_, clock_));
    router_.add(routes(*local_));
    server_ = std::move(*net::Server::listen({}, router_));
    client_ = std::move(*net::Client::make({.base = fmt::format("http://127.0.0.1:{}", server_->port())}));
    remote_ = connect(client_);
  }
  void TearDown() override {
    server_.reset();
    local_.reset();
    std::filesystem::remove_all(directory_);
  }
  Seq add(EventLog& log, std::string type, std::string study = "1.2", std::string key = "") {
    const NewEvent event{
        std::move(type), "test", StudyUid(std::move(study)), {{"reason", "ä \"quoted\""}}, std::move(key)};
    const auto seq = log.append(std::span(&event, 1), Call{});
    EXPECT_TRUE(seq) << to_string(seq.error());
    return seq.value_or(-1);
  }
  std::string get(const std::string& target, const net::Headers& headers = {}) {
    const auto reply = client_->download(target, Call::within(5s), headers);
    if (!reply) return to_string(reply.error());
    return read_all(*reply->body, 1 << 20).value();
  }

  ManualClock clock_{Time(1'700'000'000s)};
  std::filesystem::path directory_;
  std::unique_ptr<EventLog> local_, remote_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::shared_ptr<net::Client> client_;
};

TEST_F(EventRest, IsTheSameLogFromAfar) {
  EXPECT_EQ(add(*remote_, "job.queued", "1.2", "k"), 1);
  EXPECT_EQ(add(*remote_, "job.queued", "1.2", "k"), 1);
  EXPECT_EQ(add(*remote_, "rule.matched", "1.3"), 2);
  const auto page = remote_->read({.study = StudyUid("1.2"), .types = {"job.", "rule."}}, Call{});
  ASSERT_TRUE(page) << to_string(page.error());
  ASSERT_EQ(page->events.size(), 1u);
  EXPECT_EQ(page->events[0].fields.at("reason"), "ä \"quoted\"");
  EXPECT_EQ(page->events[0].at, clock_.now());
  EXPECT_EQ(page->last, 2);
  EXPECT_EQ(remote_->cursor("a reader", Call{}).value(), 0);
  ASSERT_TRUE(remote_->advance("a reader", 2, Call{}));
  EXPECT_EQ(remote_->cursor("a reader", Call{}).value(), 2);
}

TEST_F(EventRest, WaitsAfarForTheNextEvent) {
  std::thread writer([&] {
    std::this_thread::sleep_for(50ms);
    add(*local_, "a.b");
  });
  const auto page = remote_->read({.wait = 10s}, Call::within(12s));
  writer.join();
  ASSERT_TRUE(page) << to_string(page.error());
  EXPECT_EQ(page->events.size(), 1u);
}

TEST_F(EventRest, PointsAtTheWrongFieldOfARequest) {
  const NewEvent wrong{"no type", "test", {}, Json::object(), ""};
  const auto outcome = remote_->append(std::span(&wrong, 1), Call{});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::invalid);
  EXPECT_EQ(outcome.error().field, "/items/0/type");
  EXPECT_EQ(client_->get("/v1/events?limit=9999", Call{}).error().field, "limit");
  EXPECT_EQ(client_->get("/v1/events?wait_s=soon", Call{}).error().field, "wait_s");
}

TEST_F(EventRest, NamesTheNextPageOnlyWhenThereMayBeOne) {
  for (int i = 0; i < 3; ++i) add(*local_, "a.b");
  EXPECT_EQ(client_->get("/v1/events?limit=2", Call{}).value().at("next"), "2");
  EXPECT_EQ(client_->get("/v1/events?limit=2&after=2", Call{}).value().at("next"), "");
}

TEST_F(EventRest, StreamsOnFromTheLastEventThatTheBrowserSaw) {
  for (int i = 0; i < 3; ++i) add(*local_, "a.b");
  const auto reply = client_->download("/v1/events/stream", Call::within(5s), {{"last-event-id", "2"}});
  ASSERT_TRUE(reply) << to_string(reply.error());
  std::string text;
  std::array<std::byte, 512> piece;
  while (text.find("\n\n") == std::string::npos) text += as_text(Bytes(piece).first(reply->body->read(piece).value()));
  EXPECT_EQ(text.find("id: 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("id: 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\"type\":\"a.b\""), std::string::npos) << text;
}

TEST_F(EventRest, RefusesAStreamPositionThatIsNoNumber) {
  EXPECT_NE(get("/v1/events/stream", {{"last-event-id", "now"}}).find("Last-Event-ID"), std::string::npos);
}

}  // namespace
}  // namespace larmor::events
