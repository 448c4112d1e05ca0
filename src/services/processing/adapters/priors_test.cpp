// Earlier studies in a real storage and in Orthanc, which sends them to a real import.
#include "services/processing/adapters/priors.h"

#include <gmock/gmock.h>

#include "dicom/dimse/file_head.h"
#include "dicom/dimse/scp.h"
#include "dicom/dimse/testing/orthanc.h"
#include "dicom/objects/dicomize.h"
#include "services/dispatch/make.h"
#include "services/dispatch/settings.h"
#include "services/import/make.h"
#include "services/import/settings.h"
#include "services/storage/adapters/test_object.h"

namespace larmor::processing {
namespace {

using testing::HasSubstr;

struct Visit {
  std::string date = "20261101", birth_date = "19500203", name = "Doe^Jane", series = "T1 3D";
};

/// A study of 24 small images.
std::vector<dicom::Object> study_of(const Visit& visit) {
  imaging::Grid grid;
  grid.shape = {24, 16, 16};
  imaging::Volume<float> volume(grid);
  for (std::size_t i = 0; i < volume.voxels.size(); ++i) volume.voxels[i] = float(i % 97);
  dicom::DicomizeOptions options;
  options.patient =
      Phi(dicom::DicomizePatient{.name = visit.name, .id = "4711", .birth_date = visit.birth_date, .sex = "F"});
  options.study_date = visit.date;
  options.series_description = options.protocol = visit.series;
  options.seed = visit.date + visit.birth_date + visit.name + visit.series;
  return dicom::dicomize(volume, options).value();
}

std::vector<SettingRow> rows() {
  std::vector<SettingRow> all(dispatch::kSettings.begin(), dispatch::kSettings.end());
  all.insert(all.end(), importing::kSettings.begin(), importing::kSettings.end());
  return all;
}

/// Import's door, but one image is refused.
class Door final : public dimse::ScpHandler {
 public:
  explicit Door(storage::Storage& storage) : storage_(storage) {}
  void opened(const dimse::Association&) override {}
  Result<void> store(const dimse::Association&, const dimse::StoreRequest& r, ByteSource& dataset) override {
    if (++came_ == 5) return fail(Code::out_of_space, "no room");
    const auto front = dicom::part10_front(r.sop_class, r.instance, r.transfer_syntax, AeTitle());
    MemorySource head(as_bytes(front));
    dimse::ChainedSource file(head, dataset);
    TRY(storage_.put(file, {"c-store", "ORTHANC", "127.0.0.1", "a"}, Call::within(10s)));
    return {};
  }
  void closed(const dimse::Association&, const dimse::Ending&) override {}
  void rejected(const dimse::Association&, std::string_view) override {}

 private:
  storage::Storage& storage_;
  std::atomic<int> came_{0};
};

class APrior : public testing::Test {
 protected:
  APrior() {
    EXPECT_TRUE(settings_.set("import.port", {"0", "test"}));
    EXPECT_TRUE(settings_.set("import.quiet_period_s", {"0.2", "test"}));
    queue_ = std::move(*dispatch::make(scratch_.path() / "dispatch", settings_, *house_.events, system_clock()));
    std::filesystem::create_directories(scratch_.path() / "run");
  }

  StudyUid stored(const Visit& visit, const std::string& way = "c-store") {
    StudyUid study;
    for (const auto& object : study_of(visit)) study = house_.put(object.bytes, {way, "PACS", "127.0.0.1", "a"})->study;
    return study;
  }
  /// Puts the studies into Orthanc, and opens the door to which it sends.
  void archive_holds(const std::vector<Visit>& visits) {
    import_ = std::move(*importing::make(settings_, *house_.events, *house_.storage, system_clock()));
    orthanc_.emplace("LARMOR", import_->dicom_port());
    ASSERT_TRUE(orthanc_->listening()) << orthanc_->output();
    archive_gets(visits);
  }
  void archive_gets(const std::vector<Visit>& visits) {
    options_.archives.known = {{"archive", orthanc_->peer()}};
    for (const auto& visit : visits) {
      std::vector<dimse::Outgoing> objects;
      for (const auto& object : study_of(visit)) {
        auto bytes = std::make_shared<std::string>(object.bytes);
        objects.push_back({SopClassUid("1.2.840.10008.5.1.4.1.1.4"), SopUid(object.instance),
                           TransferSyntaxUid(std::string(dimse::kExplicitLittle)),
                           [bytes]() -> Result<std::unique_ptr<ByteSource>> {
                             return std::make_unique<MemorySource>(as_bytes(*bytes));
                           }});
      }
      ASSERT_EQ(dimse::send(orthanc_->peer(), objects)->sent, 24);
    }
  }
  Json found(const StudyUid& study, std::vector<std::string> archives = {}) {
    PriorRequest request;
    request.study = study;
    request.job = JobId("j1");
    request.archives = std::move(archives);
    request.into = scratch_.path() / "run" / "prior";
    request.scratch = scratch_.path() / "run";
    request.room = 1 << 30;
    request.go_on = [] { return true; };
    request.step = [](const std::string&) {};
    const auto told = find_prior(request, options_, Peers{*house_.storage, *queue_, *house_.events, system_clock()});
    EXPECT_TRUE(told) << to_string(told.error());
    return told ? *told : Json();
  }
  std::ptrdiff_t laid_down() const {
    const auto folder = scratch_.path() / "run" / "prior" / "0001";
    return std::filesystem::exists(folder) ? std::distance(std::filesystem::directory_iterator(folder), {}) : 0;
  }

  Scratch scratch_;
  storage::testing::House house_{scratch_.path() / "data"};
  Settings settings_{rows()};
  std::unique_ptr<dispatch::Dispatch> queue_;
  std::unique_ptr<importing::LocalImport> import_;
  std::optional<dimse::testing::Orthanc> orthanc_;
  PriorOptions options_{.patience = 20s};
};

const Visit kNow, kEarlier{.date = "20250301"}, kStranger{.date = "20250601", .birth_date = "19710203"};

TEST_F(APrior, InStorageIsChosenAndLaidDown) {
  const auto earlier = stored(kEarlier);
  const auto told = found(stored(kNow));
  EXPECT_EQ(told["chosen"]["study"], earlier.str());
  EXPECT_EQ(told["chosen"]["where"], "storage");
  EXPECT_EQ(told["chosen"]["months_earlier"], 20);
  EXPECT_EQ(laid_down(), 24);
  const auto chosen = house_.told("prior.chosen");
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_EQ(chosen[0].fields["words"], told["words"]);
}

TEST_F(APrior, UnderTheSamePatientIdOfAnotherPersonIsNotUsedAndSaidSo) {
  stored(kStranger);
  const auto told = found(stored(kNow));
  EXPECT_FALSE(told.contains("chosen"));
  EXPECT_EQ(told["words"], "No comparison: the study 17 months earlier has another birth date");
  EXPECT_EQ(laid_down(), 0);
  ASSERT_EQ(house_.told("prior.none").size(), 1u);
  EXPECT_THAT(house_.told("prior.none")[0].fields.dump(), testing::Not(HasSubstr("1971")));
}

TEST_F(APrior, IsNeverAResultOfOurOwn) {
  stored(kEarlier, "result");
  EXPECT_EQ(found(stored(kNow))["words"], "No comparison: there is no earlier study of this patient");
}

TEST_F(APrior, WithoutAHeadIsToldWithItsSeries) {
  stored({.date = "20250301", .series = "Sag T2 FLAIR"});
  EXPECT_THAT(found(stored(kNow))["words"].get<std::string>(),
              HasSubstr("has no T1-weighted head (series 1 'Sag T2 FLAIR' is FLAIR)"));
}

TEST_F(APrior, OfAStudyWithoutAHeadIsNotLookedFor) {
  EXPECT_TRUE(found(stored({.series = "Sag T2 FLAIR"})).is_null());
}

TEST_F(APrior, InTheArchiveIsFetchedAndStartsNoStudyOfItsOwn) {
  archive_holds({kEarlier, kStranger});
  const auto told = found(stored(kNow), {"archive"});
  EXPECT_EQ(told["chosen"]["where"], "archive") << told;
  EXPECT_EQ(told["considered"][0]["why_not"], "has another birth date");
  EXPECT_EQ(laid_down(), 24);
  const StudyUid earlier(told["chosen"]["study"].get<std::string>());
  EXPECT_EQ(house_.storage->study(earlier, {})->instances, 24);
  ASSERT_EQ(house_.told("prior.requested").size(), 1u);
  ASSERT_EQ(house_.told("prior.arrived").size(), 1u);
  EXPECT_EQ(house_.told("prior.arrived")[0].fields["instances"], 24);
  std::this_thread::sleep_for(1s);  // five times the silence after which a study counts as complete
  for (const auto& complete : house_.told("study.complete")) EXPECT_NE(complete.study, earlier);
  EXPECT_TRUE(import_->arrivals({})->empty());
}

TEST_F(APrior, FromAnArchiveThatIsDownIsDoneWithout) {
  options_.archives.known = {{"archive", {"ARCHIVE", "127.0.0.1", dimse::testing::free_port(), AeTitle("ARCHIVE")}}};
  const auto study = stored(kNow);
  const auto told = found(study, {"archive"});
  EXPECT_THAT(told["words"].get<std::string>(), HasSubstr("No comparison: cannot query ARCHIVE (127.0.0.1:"));
  stored(kEarlier);
  const auto from_storage = found(study, {"archive"});
  EXPECT_EQ(from_storage["chosen"]["where"], "storage") << "what is here is compared with all the same";
  EXPECT_THAT(from_storage["words"].get<std::string>(), HasSubstr("Not used: cannot query ARCHIVE"));
}

TEST_F(APrior, FromAnArchiveThatSaysNothingIsWaitedForNoLongerThanAllowed) {
  const dimse::testing::Silent silent;
  options_.archives.known = {{"archive", {"ARCHIVE", "127.0.0.1", silent.port(), AeTitle("ARCHIVE")}}};
  options_.patience = 2s;
  const auto study = stored(kNow);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(found(study, {"archive"})["words"].get<std::string>(), HasSubstr("no answer"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_F(APrior, FromAnArchiveThatDoesNotKnowUsIsDoneWithout) {
  archive_holds({kEarlier});
  options_.archives.own = AeTitle("NOBODY");
  const auto told = found(stored(kNow), {"archive"});
  EXPECT_FALSE(told.contains("chosen"));
  EXPECT_THAT(told["words"].get<std::string>(), HasSubstr("No comparison: cannot retrieve from ORTHANC"));
  ASSERT_EQ(house_.told("prior.arrived").size(), 1u);
  EXPECT_EQ(house_.told("prior.arrived")[0].fields["instances"], 0);
}

TEST_F(APrior, ThatComesOnlyInPartIsNotUsedAndWhatIsHereIsInstead) {
  Door door(*house_.storage);
  const auto scp = std::move(*dimse::Scp::listen({.address = "127.0.0.1", .port = 0}, door));
  orthanc_.emplace("LARMOR", scp->port());
  ASSERT_TRUE(orthanc_->listening()) << orthanc_->output();
  archive_gets({kEarlier});
  const auto older = stored({.date = "20240301"});
  const auto told = found(stored(kNow), {"archive"});
  EXPECT_EQ(told["chosen"]["study"], older.str()) << told;
  EXPECT_THAT(told["words"].get<std::string>(),
              testing::AnyOf(HasSubstr("came only in part"), HasSubstr("cannot retrieve")));
}

TEST_F(APrior, ThatTheArchiveSendsElsewhereIsNotUsed) {
  Scratch elsewhere;
  const int port = dimse::testing::free_port();
  const dimse::testing::Process storescp(
      {"storescp", "-aet", "LARMOR", "-od", elsewhere.path().string(), std::to_string(port)});
  ASSERT_TRUE(dimse::testing::listens(port));
  orthanc_.emplace("LARMOR", port);
  ASSERT_TRUE(orthanc_->listening());
  archive_gets({kEarlier});
  const auto told = found(stored(kNow), {"archive"});
  EXPECT_FALSE(told.contains("chosen"));
  EXPECT_THAT(told["words"].get<std::string>(), HasSubstr("was sent elsewhere: 0 of 24 images came"));
}

}  // namespace
}  // namespace larmor::processing
