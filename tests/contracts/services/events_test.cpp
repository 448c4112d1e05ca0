// What the other services rely on of the event log.
#include "services/events/events.h"

#include "pact.h"
#include "services/events/rest/remote.h"

namespace larmor::events {
namespace {

using namespace pact;

constexpr auto kReader = "pact";  // a reader of its own: the real ones stand where they stand
const auto kCursor = fmt::format("/v1/event-cursors/{}", kReader);

Json event(const char* type, Json fields) {
  return {{"seq", integer(7)},
          {"at", time()},
          {"type", like(type)},
          {"service", like("storage")},
          {"fields", std::move(fields)}};
}
Json about_study(const char* type, Json fields) {
  auto json = event(type, std::move(fields));
  json["study"] = uid(kStudy);
  return json;
}
Answer page(Json one) {
  auto body = items(std::move(one));
  body["last"] = integer(9);
  return {.body = std::move(body)};
}
Ask events_after_0(const char* limit, std::multimap<std::string, Json> more) {
  more.insert({{"after", "0"}, {"limit", limit}});
  return {.path = "/v1/events", .query = std::move(more)};
}

const NewEvent kNew{"contract.kept", "pact", StudyUid(kStudy), {{"n", 1}}, "pact/1"};

const std::vector<Row<EventLog>> kRows = {
    {{"dispatch", "export", "import", "processing", "storage", "workflow"},
     "an event to keep",
     "",
     {.method = "POST",
      .path = "/v1/events",
      .body = {{"items",
                {{{"type", kNew.type},
                  {"service", kNew.service},
                  {"study", kNew.study},
                  {"fields", kNew.fields},
                  {"key", kNew.key}}}}}},
     {.status = 201, .body = {{"last", integer(9)}}},
     [](EventLog& log) { EXPECT_EQ(good(log.append(std::span(&kNew, 1), {})), 9); }},
    {{"export", "import", "workflow"},
     "how far a reader has read",
     "",
     {.path = kCursor},
     {.body = {{"seq", integer(7)}}},
     [](EventLog& log) { EXPECT_EQ(good(log.cursor(kReader, {})), 7); }},
    {{"export", "import", "workflow"},
     "a cursor to move",
     "",
     {.method = "PUT", .path = kCursor, .body = {{"seq", 1}}},
     {},
     [](EventLog& log) { good(log.advance(kReader, 1, {})); }},
    {{"import"},
     "the newest number",
     "a study of a head",
     events_after_0("1", {}),
     {.body = {{"items", like(Json::array())}, {"last", integer(9)}}},
     [](EventLog& log) { EXPECT_EQ(good(log.read({.limit = 1}, {})).last, 9); }},
    {{"import"},
     "what arrives, and who sends",
     "a study of a head",
     events_after_0("500", {{"type", "instance."}, {"type", "association."}, {"wait_s", "1.000"}}),
     page(event("association.opened", like(Json::object()))),
     [](EventLog& log) {
       const auto read = good(log.read({.types = {"instance.", "association."}, .wait = 1s}, {}));
       EXPECT_EQ(read.events.at(0).type, "association.opened");
     }},
    {{"import"},
     "what is known of a study",
     "a study of a head",
     events_after_0("500", {{"study", given("${study}", kStudy)}, {"type", "instance."}}),
     page(about_study("instance.stored", {{"series", uid(kSeries)}, {"way", like("c-store")}})),
     [](EventLog& log) {
       const auto read = good(log.read({.study = StudyUid(kStudy), .types = {"instance."}}, {}));
       EXPECT_EQ(read.events.at(0).fields.at("way"), "c-store");
     }},
    {{"workflow"},
     "triggers of rules, as they come",
     "a study of a head",
     events_after_0("100", {{"type", "study.complete"}, {"wait_s", "1.000"}}),
     page(about_study("study.complete", {{"generation", integer(1)}})),
     [](EventLog& log) {
       const auto read = good(log.read({.limit = 100, .types = {"study.complete"}, .wait = 1s}, {}));
       EXPECT_EQ(read.events.at(0).study, StudyUid(kStudy));
     }},
    {{"workflow"},
     "what the rules decided",
     "a study with results",
     events_after_0("5000", {{"type", "rule."}}),
     page(event("rule.matched", {{"rule", like("brain-t1")}})),
     [](EventLog& log) {
       EXPECT_EQ(good(log.read({.limit = 5000, .types = {"rule."}}, {})).events.at(0).fields.at("rule"), "brain-t1");
     }},
    {{"processing", "workflow"},
     "which images of a study were made here",
     "a study of a head",
     events_after_0("5000", {{"study", given("${study}", kStudy)}, {"type", "instance.stored"}}),
     page(event("instance.stored", {{"series", uid(kSeries)}, {"way", like("result")}})),
     [](EventLog& log) {
       const auto read = good(log.read({.limit = 5000, .study = StudyUid(kStudy), .types = {"instance.stored"}}, {}));
       EXPECT_EQ(read.events.at(0).fields.at("series"), kSeries);
     }},
    {{"export"},
     "results to send, as they come",
     "a study with results",
     events_after_0("500", {{"type", "results.stored"}, {"wait_s", "1.000"}}),
     page(about_study("results.stored",
                      {{"job", like(kJob)}, {"instances", each(uid(kInstance))}, {"send_to", each(like("archive"))}})),
     [](EventLog& log) {
       const auto read = good(log.read({.types = {"results.stored"}, .wait = 1s}, {}));
       EXPECT_EQ(read.events.at(0).fields.at("send_to").at(0), "archive");
     }},
    {{"front"},
     "the story of a study",
     "a study of a head",
     events_after_0("1000", {{"study", given("${study}", kStudy)}}),
     page(about_study("instance.stored", like(Json::object()))),
     [](EventLog& log) {
       const auto read = good(log.read({.limit = 1000, .study = StudyUid(kStudy)}, {}));
       EXPECT_EQ(read.events.at(0).seq, 7);
     }},
};

class EventsPact : public testing::TestWithParam<std::string> {};

TEST_P(EventsPact, KeepsWhatItsConsumerReliesOn) {
  keep(GetParam(), "events", kRows, connect);
}

INSTANTIATE_TEST_SUITE_P(Consumer, EventsPact, testing::ValuesIn(consumers_of(kRows)), name_of);

}  // namespace
}  // namespace larmor::events
