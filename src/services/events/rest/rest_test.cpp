#include "net/test_support.h"
#include "services/events/make.h"
#include "services/events/rest/routes.h"

namespace larmor::events {
namespace {

/// What browsers ask of a log: the pages and the stream. What peers ask is in events_test.cpp.
class EventRest : public testing::Test {
 protected:
  void add() {
    const NewEvent event{"a.b", "test", StudyUid("1.2"), Json::object(), ""};
    ASSERT_TRUE(log_->append(std::span(&event, 1), Call{}));
  }
  std::string get(const std::string& target, const net::Headers& headers = {}) {
    const auto reply = client_->download(target, Call::within(5s), headers);
    if (!reply) return to_string(reply.error());
    return read_all(*reply->body, 1 << 20).value();
  }

  ManualClock clock_{Time(1'700'000'000s)};
  Scratch directory_;
  std::unique_ptr<EventLog> log_ = make(directory_.path(), clock_).value();
  net::testing::Running server_{routes(*log_)};
  std::unique_ptr<net::Client> client_ = net::testing::client_of(server_);
};

TEST_F(EventRest, PointsAtTheWrongFieldOfARequest) {
  EXPECT_EQ(client_->get("/v1/events?limit=9999", Call{}).error().field, "limit");
  EXPECT_EQ(client_->get("/v1/events?wait_s=soon", Call{}).error().field, "wait_s");
}

TEST_F(EventRest, NamesTheNextPageOnlyWhenThereMayBeOne) {
  for (int i = 0; i < 3; ++i) add();
  EXPECT_EQ(client_->get("/v1/events?limit=2", Call{}).value().at("next"), "2");
  EXPECT_EQ(client_->get("/v1/events?limit=2&after=2", Call{}).value().at("next"), "");
}

TEST_F(EventRest, StreamsOnFromTheLastEventThatTheBrowserSaw) {
  for (int i = 0; i < 3; ++i) add();
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
