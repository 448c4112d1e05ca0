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
  EXPECT_EQ(client_->get("/v1/events?field=brain", Call{}).error().field, "field");
  EXPECT_EQ(client_->get("/v1/events?order=up", Call{}).error().field, "order");
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

/// The feed of changes, over a log in which a study of one series came and one of another kind of event lies between.
class ChangesRest : public EventRest {
 protected:
  ChangesRest() {
    arrives("1.2.3.1", {"patient", "study", "series"});
    add();
    arrives("1.2.3.2", {});
    tell("series.complete", {{"series", "1.2.3"}});
    tell("study.complete", {});
  }
  void tell(std::string type, Json fields) {
    const NewEvent event{std::move(type), "test", StudyUid("1.2"), std::move(fields), ""};
    ASSERT_TRUE(log_->append(std::span(&event, 1), Call{}));
  }
  void arrives(const char* instance, std::vector<std::string> first_of) {
    tell("instance.stored", {{"series", "1.2.3"}, {"instance", instance}, {"first_of", std::move(first_of)}});
  }
  Json ask(const std::string& query) { return client_->get("/v1/changes" + query, Call{}).value(); }
  static std::vector<Seq> numbers(const Json& page, const char* items = "items", const char* seq = "seq") {
    std::vector<Seq> numbers;
    for (const auto& item : page.at(items)) numbers.push_back(item.at(seq).get<Seq>());
    return numbers;
  }
  using Seqs = std::vector<Seq>;
  const Seqs all_{1, 2, 3, 4, 9, 13, 17};
};

TEST_F(ChangesRest, GiveTheSameWhateverTheSizeOfThePages) {
  for (int limit = 1; limit <= 8; ++limit) {
    Seqs seen;
    Json page;
    for (Seq since = 0, calls = 0; calls == 0 || !page.at("done").get<bool>(); since = page.at("last"), ++calls) {
      ASSERT_LT(calls, 10) << "limit " << limit;
      page = ask(fmt::format("?since={}&limit={}", since, limit));
      const auto numbers_here = numbers(page);
      seen.insert(seen.end(), numbers_here.begin(), numbers_here.end());
    }
    EXPECT_EQ(seen, all_) << "limit " << limit;
    EXPECT_EQ(page.at("last"), 17);
  }
}

TEST_F(ChangesRest, MoveOnOverWhatIsNoChange) {
  add();
  const auto page = ask("?since=17");
  EXPECT_EQ(numbers(page), Seqs{});
  EXPECT_EQ(page.at("last"), 24) << "the end of the sixth event";
  EXPECT_TRUE(page.at("done"));
  arrives("1.2.3.3", {});
  EXPECT_EQ(numbers(ask("?since=24")), Seqs{25});
}

TEST_F(ChangesRest, GiveOneTypeAlone) {
  const auto page = ask("?type=NewStudy&limit=1");
  EXPECT_EQ(numbers(page), Seqs{3});
  EXPECT_EQ(page.at("items").at(0).at("path"), "/v1/studies/1.2");
  const auto stable = ask("?type=StableStudy&type=StableSeries");
  EXPECT_EQ(numbers(stable), (Seqs{13, 17}));
  EXPECT_EQ(client_->get("/v1/changes?type=NewStdy", Call{}).error().field, "type");
  EXPECT_EQ(client_->get("/v1/changes?since=-1", Call{}).error().field, "since");
  EXPECT_EQ(client_->get("/changes?limit=0", Call{}).error().field, "limit");
}

TEST_F(ChangesRest, AreOrthancsAtOrthancsAddress) {
  const auto page = client_->get("/changes?since=1&limit=2", Call{}).value();
  EXPECT_EQ(page, Json::parse(R"({"Changes": [
    {"ChangeType": "NewSeries", "Date": "20231114T221320", "ID": "1.2.3",
     "Path": "/v1/studies/1.2/series/1.2.3/instances", "ResourceType": "Series", "Seq": 2},
    {"ChangeType": "NewStudy", "Date": "20231114T221320", "ID": "1.2", "Path": "/v1/studies/1.2",
     "ResourceType": "Study", "Seq": 3}], "Done": false, "Last": 3})"));
  const auto last = client_->get("/changes?last", Call{}).value();
  EXPECT_EQ(numbers(last, "Changes", "Seq"), Seqs{17});
  EXPECT_TRUE(last.at("Done"));
  EXPECT_EQ(last.at("Last"), 17);
}

TEST_F(ChangesRest, StreamOnFromTheLastChangeThatTheProgramSaw) {
  const auto reply = client_->download("/v1/changes/stream", Call::within(5s), {{"last-event-id", "2"}});
  ASSERT_TRUE(reply) << to_string(reply.error());
  std::string text;
  std::array<std::byte, 512> piece;
  while (text.find("id: 17\n") == std::string::npos)
    text += as_text(Bytes(piece).first(reply->body->read(piece).value()));
  EXPECT_EQ(text.find("id: 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("id: 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\"type\":\"NewStudy\""), std::string::npos) << text;
}

}  // namespace
}  // namespace larmor::events
