#include "net/test_ways.h"
#include "services/export/rest/remote.h"
#include "services/export/rest/routes.h"

namespace larmor::exporting {
namespace {

/// Answers from memory: what is seen here is the wire, not the service.
class Canned final : public Exporting {
 public:
  Result<std::vector<DestinationView>> destinations(const Call&) override {
    return std::vector{
        DestinationView{"archive", "10.0.0.5", 104, AeTitle("ARCHIVE"), AeTitle("LARMOR"), 3, 1, "it was away"}};
  }
  Result<EchoReport> echo(const std::string& name, const Call&) override {
    if (name != "archive") return fail(Code::not_found, "no destination is called '{}'", name);
    return EchoReport{true, 0.25, "ARCHIVE answers"};
  }
  Result<JobId> send(const StudyUid& study, const std::vector<SopUid>& instances, const std::string& name,
                     const Call& call) override {
    last = fmt::format("{} {} {} {}", study, instances.size(), name, call.idempotency_key);
    return JobId("j1");
  }
  std::string last;
};

class ExportRest : public ::testing::Test {
 protected:
  Canned near_;
  net::testing::Seen<Exporting> seen_{net::testing::Way::over_rest, routes, connect};
  Exporting& far_ = seen_.show(near_);
};

TEST_F(ExportRest, ShowsDestinationsAsTheyAreHere) {
  const auto views = far_.destinations(Call{});
  ASSERT_TRUE(views) << to_string(views.error());
  ASSERT_EQ(views->size(), 1u);
  const auto& d = views->front();
  EXPECT_EQ(d.name, "archive");
  EXPECT_EQ(d.port, 104);
  EXPECT_EQ(d.called.str(), "ARCHIVE");
  EXPECT_EQ(d.waiting, 3);
  EXPECT_EQ(d.dead, 1);
  EXPECT_EQ(d.last_error, "it was away");
}

TEST_F(ExportRest, EchoesFromAfarAndCarriesTheErrorBack) {
  const auto report = far_.echo("archive", Call{});
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_TRUE(report->reached);
  EXPECT_DOUBLE_EQ(report->seconds, 0.25);
  EXPECT_EQ(far_.echo("a/b", Call{}).error().code, Code::not_found);
}

TEST_F(ExportRest, PassesADeliveryOnWithItsKey) {
  const auto job = far_.send(StudyUid("1.2"), {SopUid("1.2.3"), SopUid("1.2.4")}, "archive", Call::within(5s, "key-1"));
  ASSERT_TRUE(job) << to_string(job.error());
  EXPECT_EQ(job->str(), "j1");
  EXPECT_EQ(near_.last, "1.2 2 archive key-1");
}

TEST_F(ExportRest, PointsAtTheFieldThatIsWrong) {
  const net::testing::Running server(routes(near_));
  const auto answer =
      net::testing::client_of(server)->post("/v1/destinations/archive/deliveries", {{"study", 5}}, Call{});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::invalid);
  EXPECT_EQ(answer.error().field, "/study");
}

}  // namespace
}  // namespace larmor::exporting
