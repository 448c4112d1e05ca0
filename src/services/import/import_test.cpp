/// Import with the real storage and event log, and other people's senders.
/// What is asked of its contract is asked twice: of the service itself, and through its REST API.
#include <gmock/gmock.h>

#include "dicom/dimse/scu.h"
#include "dicom/dimse/testing/objects.h"
#include "dicom/dimse/testing/tools.h"
#include "net/test_ways.h"
#include "services/events/make.h"
#include "services/import/make.h"
#include "services/import/rest/remote.h"
#include "services/import/rest/routes.h"
#include "services/import/settings.h"
#include "services/storage/make.h"

namespace larmor::importing {
namespace {

using namespace dimse::testing;
using ::testing::HasSubstr;

class AHospital : public ::testing::Test {
 protected:
  void SetUp() override { start(); }

  virtual void start() {
    log_ = events::make(folder_.path() / "events", system_clock()).value();
    storage_ = storage::make({folder_.path() / "objects", 1 << 20}, *log_, system_clock()).value();
    Settings settings({kSettings.begin(), kSettings.end()});
    ASSERT_TRUE(settings.set("import.port", {"0", "test"}));
    ASSERT_TRUE(settings.set("import.address", {"127.0.0.1", "test"}));
    ASSERT_TRUE(settings.set("import.quiet_period_s", {"0.5", "test"}));
    for (const auto& [name, value] : extra_) ASSERT_TRUE(settings.set(name, {value, "test"}));
    auto made = make(settings, *log_, *storage_, system_clock(), destinations_);
    ASSERT_TRUE(made) << to_string(made.error());
    import_ = std::move(*made);
  }
  virtual void stop() {
    import_.reset();
    storage_.reset();
    log_.reset();
  }

  std::filesystem::path write(const Made& m, const std::string& name = "") {
    auto path = folder_.path() / (name.empty() ? m.instance + ".dcm" : name);
    std::ofstream(path, std::ios::binary) << file_of(m);
    return path;
  }
  static Made image(int number, const std::string& study = "2.25.7") {
    Made m;
    m.study = study, m.series = study + ".1", m.instance = fmt::format("{}.1.{}", study, number);
    m.number = number, m.z = number;
    return m;
  }
  std::string port() const { return std::to_string(import_->dicom_port()); }
  /// storescu as shipped.
  int send(const std::vector<std::filesystem::path>& files, const std::string& calling = "PACS") {
    std::vector<std::string> command{"storescu", "-aet", calling, "-aec", "LARMOR", "127.0.0.1", port()};
    for (const auto& f : files) command.push_back(f.string());
    Process storescu(command);
    return storescu.wait();
  }
  std::vector<events::Event> told(const std::string& type) {
    return log_->read({.limit = 5000, .types = {type}}, Call{}).value().events;
  }
  bool tells(const std::string& type, std::size_t times = 1) {
    return eventually([&] { return told(type).size() >= times; });
  }

  Scratch folder_;
  std::map<std::string, std::string> extra_;
  std::map<AeTitle, dimse::Peer> destinations_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<storage::Storage> storage_;
  std::unique_ptr<LocalImport> import_;
};

TEST_F(AHospital, SendsAStudyThatIsStoredAndThenComplete) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i <= 5; ++i) files.push_back(write(image(i)));
  ASSERT_EQ(send(files), 0);
  ASSERT_TRUE(tells("study.complete"));
  const auto complete = told("study.complete").front();
  EXPECT_EQ(complete.study.str(), "2.25.7");
  EXPECT_EQ(complete.fields["instances"], 5);
  EXPECT_EQ(complete.fields["clue"], "quiet");
  EXPECT_EQ(told("series.complete").size(), 1u);
  EXPECT_EQ(told("association.closed").front().fields["objects"], 5);
  EXPECT_EQ(told("association.closed").front().fields["end"], "released");
  EXPECT_EQ(storage_->study(StudyUid("2.25.7"), Call{})->instances, 5);
}

/// DCMTK's movescu asks, its storescp receives.
TEST_F(AHospital, HasAStudySentToADestinationOfTheSettings) {
  Scratch received;
  const auto there = free_port();
  Process storescp({"storescp", "-aet", "VIEWER", "-od", received.path().string(), std::to_string(there)});
  ASSERT_TRUE(listens(there));
  destinations_[AeTitle("VIEWER")] = {
      .name = "viewer", .host = "127.0.0.1", .port = there, .called = AeTitle("VIEWER")};
  stop();
  start();
  ASSERT_EQ(send({write(image(1)), write(image(2)), write(image(3)), write(image(4, "2.25.8"))}), 0);
  const auto move = [&](const std::string& to, const std::vector<std::string>& keys) {
    std::vector<std::string> command{"movescu", "-S", "-v", "-aec", "LARMOR", "-aet", "PACS", "-aem", to};
    for (const auto& key : keys) command.insert(command.end(), {"-k", key});
    command.insert(command.end(), {"127.0.0.1", port()});
    Process movescu(command);
    movescu.wait();
    return movescu.output();
  };
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(received.path()), std::filesystem::directory_iterator());
  };
  EXPECT_THAT(move("VIEWER", {"QueryRetrieveLevel=STUDY", "StudyInstanceUID=2.25.7"}), HasSubstr("Success"));
  EXPECT_EQ(files(), 3);
  EXPECT_THAT(move("VIEWER", {"QueryRetrieveLevel=IMAGE", "StudyInstanceUID=2.25.8", "SOPInstanceUID=2.25.8.1.4"}),
              HasSubstr("Success"));
  EXPECT_EQ(files(), 4);
  EXPECT_THAT(move("NOBODY", {"QueryRetrieveLevel=STUDY", "StudyInstanceUID=2.25.7"}),
              HasSubstr("MoveDestinationUnknown"));
  EXPECT_THAT(move("VIEWER", {"QueryRetrieveLevel=STUDY"}), HasSubstr("DataSetDoesNotMatchSOPClass"));
  storescp.kill(SIGKILL);
  storescp.wait();
  EXPECT_THAT(move("VIEWER", {"QueryRetrieveLevel=STUDY", "StudyInstanceUID=2.25.7"}), HasSubstr("0xa700"));
  EXPECT_EQ(files(), 4);
}

TEST_F(AHospital, SendsLateImagesAndTheStudyIsCompletedAgain) {
  ASSERT_EQ(send({write(image(1))}), 0);
  ASSERT_TRUE(tells("study.complete"));
  ASSERT_EQ(send({write(image(2))}), 0);
  ASSERT_TRUE(tells("study.late"));
  ASSERT_TRUE(tells("study.complete", 2));
  EXPECT_EQ(told("study.complete").back().fields["generation"], 2);
}

TEST_F(AHospital, IsServedOnByALarmorThatWasRestartedInMidArrival) {
  ASSERT_EQ(send({write(image(1)), write(image(2))}), 0);
  stop();
  start();
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(told("study.complete").front().fields["instances"], 2);
  stop();
  start();
  std::this_thread::sleep_for(1s);
  EXPECT_EQ(told("study.complete").size(), 1u);
}

TEST_F(AHospital, HasItsStudyCompletedThoughTheAssociationDiedWithTheLastProcess) {
  ASSERT_EQ(send({write(image(1))}), 0);
  const events::NewEvent orphan{"association.opened",
                                "import",
                                {},
                                {{"association", "gone-1"}, {"calling", "PACS"}, {"address", "127.0.0.1"}},
                                ""};
  ASSERT_TRUE(log_->append(std::span(&orphan, 1), Call{}));
  stop();
  start();
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(told("association.closed").back().fields["end"], "lost");
}

TEST_F(AHospital, HasTwoSendersOfTheSameObjectAtOnce) {
  auto big = image(1);
  big.pixels = 2'000'000;
  const auto file = write(big);
  std::vector<std::thread> senders;
  for (const auto* title : {"PACS", "CT2"}) senders.emplace_back([&, title] { EXPECT_EQ(send({file}, title), 0); });
  for (auto& s : senders) s.join();
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(storage_->study(StudyUid("2.25.7"), Call{})->instances, 1);
  EXPECT_EQ(told("instance.stored").size(), 1u);
  EXPECT_EQ(told("instance.duplicate").size(), 1u);
  EXPECT_TRUE(told("instance.conflict").empty());
}

TEST_F(AHospital, LosesASenderInMidObjectAndNothingHalfIsKept) {
  auto endless = image(1);
  endless.pixels = 60'000'000;
  Process storescu({"storescu", "-aec", "LARMOR", "127.0.0.1", port(), write(endless).string()});
  ASSERT_TRUE(tells("association.opened"));
  storescu.kill(SIGKILL);
  storescu.wait();
  ASSERT_TRUE(tells("association.closed"));
  const auto end = told("association.closed").front().fields;
  const auto instances = storage_->health(Call{})->instances;
  EXPECT_EQ(instances, end["objects"]);
  EXPECT_EQ(told("instance.stored").size(), static_cast<std::size_t>(instances));
  EXPECT_EQ(end["end"], "lost");
}

class ACaller : public AHospital, public ::testing::WithParamInterface<net::testing::Way> {
 protected:
  void start() override {
    AHospital::start();
    ASSERT_TRUE(import_);
    shown_ = &seen_.show(*import_);
  }
  void stop() override {
    seen_.close();
    AHospital::stop();
  }
  UploadReport upload(const std::string& name, const std::string& bytes) {
    MemorySource source(as_bytes(bytes));
    return shown_->upload(name, source, "rita", Call{}).value();
  }

  StoreReport store(const std::string& body, const std::string& study = "") {
    MemorySource source(as_bytes(body));
    return shown_->store({kBatch, StudyUid(study), "anna", "10.0.0.5"}, source, Call{}).value();
  }
  static std::string part(const std::string& content, const std::string& type = "application/dicom") {
    return fmt::format("--b\r\nContent-Type: {}\r\n\r\n{}\r\n", type, content);
  }

  static constexpr auto kBatch = "multipart/related; type=\"application/dicom\"; boundary=b";
  net::testing::Seen<Import> seen_{GetParam(), routes, connect};
  Import* shown_ = nullptr;
};

TEST_P(ACaller, UploadsOneFile) {
  const auto report = upload("scan.dcm", file_of(image(1)));
  EXPECT_EQ(report.taken, 1);
  ASSERT_EQ(report.studies.size(), 1u);
  EXPECT_EQ(report.studies.front().str(), "2.25.7");
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(told("instance.stored").front().fields["way"], "upload");
  EXPECT_EQ(told("instance.stored").front().fields["sender"], "rita");
  EXPECT_EQ(upload("scan.dcm", file_of(image(1))).duplicates, 1);
}

TEST_P(ACaller, UploadsACdWithOtherThingsOnIt) {
  const auto cd = folder_.path() / "cd";
  std::filesystem::create_directories(cd / "IMAGES");
  for (int i = 1; i <= 20; ++i)
    std::ofstream(cd / "IMAGES" / fmt::format("I{}", i), std::ios::binary) << file_of(image(i));
  std::ofstream(cd / "AUTORUN.INF") << "[autorun]";
  auto directory = image(99);
  directory.sop_class = "1.2.840.10008.1.3.10";
  std::ofstream(cd / "DICOMDIR", std::ios::binary) << file_of(directory);
  std::ofstream(cd / "IMAGES" / "CUT", std::ios::binary) << file_of(image(50)).substr(0, 150);
  const auto zip = folder_.path() / "cd.zip";
  Process bsdtar({"python3", "-m", "zipfile", "-c", zip.string(), (cd / "IMAGES").string(),
                  (cd / "AUTORUN.INF").string(), (cd / "DICOMDIR").string()});
  ASSERT_EQ(bsdtar.wait(), 0) << bsdtar.output();
  const auto report = upload("cd.zip", slurp(zip));
  EXPECT_EQ(report.taken, 20);
  EXPECT_EQ(report.refused_count, 2);
  for (const auto& r : report.refused) EXPECT_FALSE(r.reason.empty()) << r.name;
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(told("study.complete").front().fields["instances"], 20);
}

TEST_P(ACaller, UploadsRubbishAndIsTold) {
  const auto report = upload("notes.txt", std::string(5000, 'x'));
  EXPECT_EQ(report.taken, 0);
  ASSERT_EQ(report.refused.size(), 1u);
  EXPECT_THAT(report.refused[0].reason, HasSubstr("no DICOM file"));
  EXPECT_EQ(upload("empty", "").refused_count, 1);
  EXPECT_EQ(upload("broken.zip", "PK\3\4" + std::string(3000, '\x7f')).taken, 0);
}

TEST_P(ACaller, StoresTheObjectsOfABodyAndIsAnsweredForEach) {
  const auto report = store(part(file_of(image(1))) + part("no object") + part(file_of(image(2, "2.25.8"))) +
                                part(file_of(image(3)), "image/jpeg") + part(file_of(image(4))) + "--b--\r\n",
                            "2.25.7");
  ASSERT_EQ(report.items.size(), 5u);
  EXPECT_FALSE(report.items[0].refused);
  EXPECT_EQ(report.items[0].instance.str(), "2.25.7.1.1");
  EXPECT_EQ(report.items[0].sop_class.str(), image(1).sop_class);
  EXPECT_EQ(report.items[1].refused.value().code, Code::corrupt);
  EXPECT_TRUE(report.items[1].instance.empty());
  EXPECT_THAT(report.items[2].refused.value().what, HasSubstr("belongs to study 2.25.8"));
  EXPECT_EQ(report.items[2].instance.str(), "2.25.8.1.2");
  EXPECT_THAT(report.items[3].refused.value().what, HasSubstr("image/jpeg"));
  EXPECT_FALSE(report.items[4].refused);
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(told("study.complete").front().fields["instances"], 2);
  EXPECT_EQ(told("instance.stored").front().fields["way"], "stow-rs");
  EXPECT_EQ(told("instance.stored").front().fields["sender"], "anna");
  EXPECT_EQ(told("association.closed").front().fields["objects"], 2);
  EXPECT_EQ(told("association.closed").front().fields["refused"], 3);
}

TEST_P(ACaller, KeepsWhatCameWholeOfABodyThatIsCutOff) {
  auto big = image(2);
  big.pixels = 3'000'000;
  const auto body = part(file_of(image(1))) + part(file_of(big)) + "--b--";
  const auto report = store(body.substr(0, body.size() / 2));
  ASSERT_EQ(report.items.size(), 2u);
  EXPECT_FALSE(report.items[0].refused);
  EXPECT_THAT(report.items[1].refused.value().what, HasSubstr("ends within a part"));
  EXPECT_EQ(storage_->study(StudyUid("2.25.7"), Call{})->instances, 1)
      << "asked for rows, since those wait for the index";
  EXPECT_EQ(store(part(file_of(image(1))) + "--b").items.size(), 2u)
      << "without its closing boundary it may have been more";
}

TEST_P(ACaller, IsToldWhatIsWrongWithABody) {
  const auto error = [&](const std::string& type, const std::string& body) {
    MemorySource source(as_bytes(body));
    return shown_->store({type, {}, "anna", ""}, source, Call{}).error();
  };
  EXPECT_EQ(error("application/dicom", "").code, Code::unsupported);
  EXPECT_EQ(error("multipart/related; type=\"image/jpeg\"; boundary=b", "").code, Code::unsupported);
  EXPECT_EQ(error("multipart/related; type=\"application/dicom\"", "").code, Code::invalid);
  EXPECT_EQ(error(kBatch, "").code, Code::invalid);
  EXPECT_EQ(error(kBatch, "--b--").code, Code::invalid);
  EXPECT_EQ(error(kBatch, "no boundary at all").code, Code::invalid);
}

TEST_P(ACaller, SeesItsOpenAssociationsAndArrivals) {
  stop();
  extra_["import.quiet_period_s"] = "30";
  start();
  ASSERT_EQ(send({write(image(1))}), 0);
  // Before the log tells that the association has ended, it is what the study waits for.
  EXPECT_TRUE(eventually([&] {
    const auto arrivals = shown_->arrivals(Call{}).value();
    return arrivals.size() == 1 && arrivals.front().waiting_for.find("quiet for") != std::string::npos;
  }));
  EXPECT_TRUE(eventually([&] { return shown_->associations(Call{})->empty(); }));
}

/// The archive's count completes a study long before silence would.
TEST_P(ACaller, IsAskedForTheNumberOfImagesInTheArchive) {
  stop();
  Scratch archive;
  const auto archive_port = free_port();
  std::ofstream(archive.path() / "orthanc.json")
      << fmt::format(R"({{"StorageDirectory": "{0}", "IndexDirectory": "{0}", "DicomPort": {1}, "HttpPort": {2},
                         "DicomAet": "ARCHIVE", "DicomAlwaysAllowFind": true, "DicomAlwaysAllowStore": true, "Plugins": []}})",
                     archive.path().string(), archive_port, free_port());
  Process orthanc({"Orthanc", (archive.path() / "orthanc.json").string()});
  ASSERT_TRUE(listens(archive_port));
  std::vector<std::filesystem::path> files{write(image(1)), write(image(2)), write(image(3))};
  for (const auto& f : files) {
    Process storescu({"storescu", "-aec", "ARCHIVE", "127.0.0.1", std::to_string(archive_port), f.string()});
    ASSERT_EQ(storescu.wait(), 0);
  }
  extra_ = {{"import.archive.host", "127.0.0.1"},
            {"import.archive.port", std::to_string(archive_port)},
            {"import.quiet_period_s", "3600"}};
  start();
  ASSERT_EQ(send({files[0], files[1]}), 0);
  ASSERT_TRUE(eventually([&] {
    const auto arrivals = shown_->arrivals(Call{}).value();
    return !arrivals.empty() && arrivals.front().waiting_for.find("lists 3 instances, 2 have") != std::string::npos;
  }));
  ASSERT_EQ(send({files[2]}), 0);
  ASSERT_TRUE(tells("study.complete"));
  EXPECT_EQ(told("study.complete").front().fields["clue"], "archive_count");
}

TEST_P(ACaller, IsToldWhatBecameOfAnUpload) {
  Made big;
  big.pixels = 3'000'000;
  const auto file = file_of(big);
  MemorySource source(as_bytes(file));
  const auto report = shown_->upload("head of Müller & co.dcm", source, "", Call{});
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->taken, 1);
  ASSERT_EQ(report->studies.size(), 1u);
  EXPECT_EQ(report->studies[0].str(), big.study);
  MemorySource rubbish(as_bytes("rubbish"));
  const auto refused = shown_->upload("notes.txt", rubbish, "", Call{});
  ASSERT_TRUE(refused) << to_string(refused.error());
  ASSERT_EQ(refused->refused.size(), 1u);
  EXPECT_EQ(refused->refused[0].name, "notes.txt");
  EXPECT_FALSE(refused->refused[0].reason.empty());
}

TEST_P(ACaller, SeesArrivalsAsTheyAreAndNoAssociationInAMereConnection) {
  stop();
  extra_["import.quiet_period_s"] = "30";
  start();
  const int silent = connect_to(import_->dicom_port());
  EXPECT_EQ(upload("a", file_of({})).taken, 1);
  ASSERT_TRUE(eventually([&] { return import_->arrivals(Call{})->size() == 1; }));
  const auto seen = shown_->arrivals(Call{});
  ASSERT_TRUE(seen) << to_string(seen.error());
  ASSERT_EQ(seen->size(), 1u);
  EXPECT_EQ(seen->front().instances, 1);
  EXPECT_EQ(seen->front().last, import_->arrivals(Call{})->front().last);
  EXPECT_FALSE(seen->front().waiting_for.empty());
  EXPECT_TRUE(shown_->associations(Call{})->empty());
  ::close(silent);
}

INSTANTIATE_TEST_SUITE_P(Contract, ACaller, net::testing::kWays, net::testing::name_of);

}  // namespace
}  // namespace larmor::importing
