/// Export with the real storage, event log and dispatch, to other people's archives.
/// What is asked of its contract is asked twice: of the service itself, and through its REST API.
#include <gmock/gmock.h>

#include "dicom/dimse/scu.h"
#include "dicom/dimse/testing/objects.h"
#include "dicom/dimse/testing/tools.h"
#include "net/test_ways.h"
#include "services/dispatch/make.h"
#include "services/dispatch/settings.h"
#include "services/events/make.h"
#include "services/export/make.h"
#include "services/export/rest/remote.h"
#include "services/export/rest/routes.h"
#include "services/export/settings.h"
#include "services/storage/make.h"

namespace larmor::exporting {
namespace {

using namespace dimse::testing;
using ::testing::HasSubstr;

/// Orthanc on a port that stays the same when it goes and comes back.
class Orthanc {
 public:
  void start() {
    std::ofstream(folder_.path() / "orthanc.json")
        << fmt::format(R"({{"StorageDirectory": "{0}", "IndexDirectory": "{0}", "DicomPort": {1}, "HttpPort": {2},
                           "DicomAet": "ARCHIVE", "DicomAlwaysAllowFind": true, "DicomAlwaysAllowStore": true,
                           "OverwriteInstances": false, "DicomCheckCalledAet": true, "Plugins": []}})",
                       folder_.path().string(), port_, free_port());
    process_ =
        std::make_unique<Process>(std::vector<std::string>{"Orthanc", (folder_.path() / "orthanc.json").string()});
    ASSERT_TRUE(listens(port_)) << process_->output();
  }
  void stop() { process_.reset(); }
  int port() const { return port_; }
  std::size_t images(const std::string& study) {
    const dimse::Peer peer{"ARCHIVE", "127.0.0.1", port_, AeTitle("ARCHIVE")};
    return dimse::find(peer, dimse::Level::image,
                       {{"StudyInstanceUID", study}, {"SeriesInstanceUID", study + ".1"}, {"SOPInstanceUID", ""}})
        .value()
        .size();
  }

 private:
  Scratch folder_;
  int port_ = free_port();
  std::unique_ptr<Process> process_;
};

class AnExport : public ::testing::Test {
 protected:
  void SetUp() override {
    set("export.breaker_cool_s", "0.2");
    set("export.breaker_most_s", "0.5");
    set("dispatch.backoff_base_s", "0.05");
    set("dispatch.lease_s", "2");
  }
  void set(const std::string& name, const std::string& value) { settings_.insert_or_assign(name, value); }
  void send_to(const std::string& name, int port, bool confirm = true) {
    set("export.destinations." + name + ".host", "127.0.0.1");
    set("export.destinations." + name + ".port", std::to_string(port));
    set("export.destinations." + name + ".confirm", confirm ? "true" : "false");
  }
  virtual void start() {
    std::vector<SettingRow> rows(kSettings.begin(), kSettings.end());
    rows.insert(rows.end(), dispatch::kSettings.begin(), dispatch::kSettings.end());
    Settings settings(std::move(rows));
    for (const auto& [name, value] : settings_) ASSERT_TRUE(settings.set(name, {value, "test"}));
    log_ = events::make(folder_.path() / "events", system_clock()).value();
    storage_ = storage::make({folder_.path() / "objects", 1 << 20}, *log_, system_clock()).value();
    dispatch_ = dispatch::make(folder_.path() / "dispatch", settings, *log_, system_clock()).value();
    auto made = make(settings, *log_, *storage_, *dispatch_, system_clock());
    ASSERT_TRUE(made) << to_string(made.error());
    export_ = std::move(*made);
  }
  virtual void stop() {
    export_.reset();
    dispatch_.reset();
    storage_.reset();
    log_.reset();
  }
  /// As processing leaves them: objects in storage, and the word of it in the log.
  void results(const std::string& study, int count, const std::string& job,
               const std::vector<std::string>& destinations,
               const std::string& sop_class = "1.2.840.10008.5.1.4.1.1.4") {
    std::vector<std::string> instances;
    for (int i = 1; i <= count; ++i) {
      Made m;
      m.study = study, m.series = study + ".1", m.instance = fmt::format("{}.1.{}", study, i), m.sop_class = sop_class;
      const auto file = file_of(m);
      MemorySource source(as_bytes(file));
      ASSERT_TRUE(storage_->put(source, {"result", "brain", "", job}, Call{}));
      instances.push_back(m.instance);
    }
    const events::NewEvent stored{"results.stored",
                                  "processing",
                                  StudyUid(study),
                                  {{"job", job}, {"instances", instances}, {"send_to", destinations}},
                                  "results/" + job};
    ASSERT_TRUE(log_->append(std::span(&stored, 1), Call{}));
  }
  std::vector<events::Event> told(const std::string& type) {
    return log_->read({.limit = 5000, .types = {type}}, Call{}).value().events;
  }
  bool tells(const std::string& type, std::size_t times = 1) {
    return eventually([&] { return told(type).size() >= times; });
  }

  Scratch folder_;
  std::map<std::string, std::string> settings_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<dispatch::Dispatch> dispatch_;
  std::unique_ptr<Exporting> export_;
};

TEST_F(AnExport, DeliversEverythingOnceToADestinationThatWasDown) {
  Orthanc archive;
  send_to("archive", archive.port());
  start();
  for (int i = 0; i < 3; ++i) results(fmt::format("2.25.{}", 10 + i), 2, fmt::format("j{}", i), {"archive"});
  ASSERT_TRUE(tells("export.failed", 2));
  const auto error = told("export.failed").front().fields["error"].get<std::string>();
  EXPECT_THAT(error, HasSubstr("cannot send study 2.25.1"));
  EXPECT_THAT(error, HasSubstr("ARCHIVE (127.0.0.1:"));
  stop();
  start();
  archive.start();
  ASSERT_TRUE(tells("export.confirmed", 3));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(archive.images(fmt::format("2.25.{}", 10 + i)), 2u);
  std::this_thread::sleep_for(500ms);
  EXPECT_EQ(told("export.sent").size(), 3u);
  EXPECT_EQ(told("export.queued").size(), 3u);
}

TEST_F(AnExport, HoldsUpNoDestinationForAnother) {
  Orthanc archive;
  archive.start();
  send_to("archive", archive.port());
  send_to("nowhere", free_port());
  start();
  results("2.25.5", 1, "j1", {"nowhere", "archive"});
  ASSERT_TRUE(tells("export.confirmed"));
  EXPECT_EQ(told("export.confirmed").front().fields["destination"], "archive");
}

TEST_F(AnExport, KeepsTryingWhereItsTitleIsNotYetKnown) {
  Orthanc archive;
  archive.start();
  send_to("archive", archive.port());
  set("export.destinations.archive.called_ae", "WRONG");
  start();
  results("2.25.5", 1, "j1", {"archive"});
  ASSERT_TRUE(tells("export.failed"));
  EXPECT_THAT(told("export.failed").front().fields["error"].get<std::string>(),
              HasSubstr("association rejected, called AE title not recognised"));
  stop();
  set("export.destinations.archive.called_ae", "ARCHIVE");
  start();
  ASSERT_TRUE(tells("export.confirmed"));
}

TEST_F(AnExport, GivesUpWithTheReasonWhereAnObjectIsNeverTaken) {
  Scratch kept;
  const auto port = free_port();
  Process storescp({"storescp", "-od", kept.path().string(), std::to_string(port)});
  ASSERT_TRUE(listens(port));
  send_to("archive", port, false);
  start();
  results("2.25.5", 1, "j1", {"archive"}, "1.3.6.1.4.1.99999.7");
  ASSERT_TRUE(tells("job.dead"));
  EXPECT_THAT(told("export.failed").front().fields["error"].get<std::string>(),
              HasSubstr("it takes no objects of SOP class 1.3.6.1.4.1.99999.7"));
}

class ADestination : public AnExport, public ::testing::WithParamInterface<net::testing::Way> {
 protected:
  void start() override {
    AnExport::start();
    ASSERT_TRUE(export_);
    shown_ = &seen_.show(*export_);
  }
  void stop() override {
    seen_.close();
    AnExport::stop();
  }

  net::testing::Seen<Exporting> seen_{GetParam(), routes, connect};
  Exporting* shown_ = nullptr;
};

TEST_P(ADestination, TakesResultsAndShowsThem) {
  Orthanc archive;
  archive.start();
  send_to("archive", archive.port());
  start();
  results("2.25.5", 4, "j1", {"archive"});
  ASSERT_TRUE(tells("export.confirmed"));
  EXPECT_EQ(told("export.queued").size(), 1u);
  EXPECT_EQ(told("export.sent").front().fields["instances"], 4);
  EXPECT_EQ(told("export.confirmed").front().fields["found"], 4);
  EXPECT_EQ(archive.images("2.25.5"), 4u);
  EXPECT_TRUE(eventually([&] { return shown_->destinations(Call{})->front().waiting == 0; }));
  EXPECT_TRUE(shown_->echo("archive", Call{})->reached);
}

TEST_P(ADestination, WearsOutNoAttemptsWhileItIsDown) {
  set("dispatch.max_attempts", "5");
  send_to("archive", free_port());
  start();
  for (int i = 0; i < 4; ++i) results(fmt::format("2.25.{}", 10 + i), 1, fmt::format("j{}", i), {"archive"});
  ASSERT_TRUE(tells("export.failed", 2));
  std::this_thread::sleep_for(1500ms);
  EXPECT_EQ(told("export.failed").size(), 2u);
  EXPECT_TRUE(told("job.dead").empty());
  const auto view = shown_->destinations(Call{})->front();
  EXPECT_EQ(view.waiting, 4);
  EXPECT_THAT(view.last_error, HasSubstr("refused"));
}

TEST_P(ADestination, SaysSoWhereItCannotBeAsked) {
  Scratch kept;
  const auto port = free_port();
  Process storescp({"storescp", "-od", kept.path().string(), std::to_string(port)});
  ASSERT_TRUE(listens(port));
  send_to("archive", port);
  start();
  results("2.25.5", 2, "j1", {"archive"});
  ASSERT_TRUE(tells("export.sent"));
  ASSERT_TRUE(tells("job.finished"));
  EXPECT_TRUE(told("export.confirmed").empty());
  EXPECT_THAT(shown_->destinations(Call{})->front().last_error, HasSubstr("export.destinations.archive.confirm"));
}

TEST_P(ADestination, IsNamedWhereAnotherWasMeant) {
  send_to("archive", free_port());
  start();
  results("2.25.5", 1, "j1", {"archiv"});
  ASSERT_TRUE(tells("export.failed"));
  EXPECT_THAT(told("export.failed").front().fields["error"].get<std::string>(), HasSubstr("Did you mean 'archive'?"));
  EXPECT_EQ(shown_->echo("archiv", Call{}).error().code, Code::not_found);
  EXPECT_FALSE(shown_->echo("archive", Call{})->reached);
}

TEST_P(ADestination, IsSentToByHandOncePerKey) {
  Orthanc archive;
  archive.start();
  send_to("archive", archive.port());
  start();
  results("2.25.5", 2, "j1", {});
  const std::vector<SopUid> one{SopUid("2.25.5.1.2")};
  const auto first = shown_->send(StudyUid("2.25.5"), one, "archive", Call::within(5s, "k"));
  const auto again = shown_->send(StudyUid("2.25.5"), one, "archive", Call::within(5s, "k"));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(*first, *again);
  ASSERT_TRUE(tells("export.confirmed"));
  EXPECT_EQ(archive.images("2.25.5"), 1u);
  EXPECT_EQ(shown_->send(StudyUid("2.25.5"), {}, "archive", Call{}).error().field, "/instances");
}

INSTANTIATE_TEST_SUITE_P(Contract, ADestination, net::testing::kWays, net::testing::name_of);

}  // namespace
}  // namespace larmor::exporting
