#include "services/storage/maintenance.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/codec.h"

namespace larmor::storage {
namespace {

using testing::House;
using testing::nth_file;

class MaintenanceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int s = 1; s <= 3; ++s)
      for (int i = 1; i <= 10; ++i)
        ASSERT_TRUE(house_.put(nth_file(i, {.study = fmt::format("1.{}", s), .series = fmt::format("1.{}.7", s)})));
    ASSERT_TRUE(house_.put(nth_file(3, {.study = "1.1", .series = "1.1.7", .fill = 'y'})));
  }
  /// Everything that can be asked, as one text.
  std::string all_rows() {
    auto& storage = *house_.storage;
    const auto page = storage.studies({}, Call{}).value();
    Json all = Json::array({to_json(page)});
    for (const auto& study : page.studies) {
      const auto series = storage.series(study.study, Call{}).value();
      for (const auto& one : series) {
        all.push_back(to_json(one));
        const auto rows = all_instances(storage, study.study, one.series, Call{}).value();
        for (const auto& row : rows) all.push_back(to_json(row));
      }
    }
    return all.dump();
  }
  void overwrite(std::uint64_t at, std::string_view bytes) {
    const auto file = open_file(scratch_.path() / "packs/00000001.tar", O_WRONLY).value();
    ASSERT_TRUE(write_at(file, as_bytes(bytes), at));
  }
  std::uint64_t record(int n) const {
    return static_cast<std::uint64_t>(n) * (512 + (nth_file(1).size() + 511) / 512 * 512);
  }

  Scratch scratch_;
  House house_{scratch_.path()};
};

TEST_F(MaintenanceTest, RebuildsAnIndexThatIsTheSame) {
  const auto before = all_rows();
  house_.stop();
  {
    const auto events = events::make(scratch_.path(), system_clock()).value();
    const auto objects = rebuild(scratch_.path(), *events);
    ASSERT_TRUE(objects) << to_string(objects.error());
    EXPECT_EQ(*objects, 31);
  }
  house_.start();
  EXPECT_EQ(all_rows(), before);
  EXPECT_EQ(house_.told("instance.stored").size(), 30u);
  EXPECT_EQ(house_.put(nth_file(3, {.study = "1.1", .series = "1.1.7", .fill = 'y'}))->kept, Kept::conflict);
}

TEST_F(MaintenanceTest, BuildsAnIndexThatWasLostByItselfAtTheNextStart) {
  const auto before = all_rows();
  house_.stop();
  std::filesystem::remove(scratch_.path() / "index.db");
  house_.start();
  EXPECT_EQ(all_rows(), before);
}

TEST_F(MaintenanceTest, RefusesToRebuildUnderARunningServer) {
  EXPECT_EQ(rebuild(scratch_.path(), *house_.events).error().code, Code::conflict);
  EXPECT_EQ(rebuild(scratch_.path() / "nothing", *house_.events).error().code, Code::not_found);
}

TEST_F(MaintenanceTest, FindsNothingWrongWithASoundStorageWhileItRuns) {
  (void)all_rows();
  const auto report = verify(scratch_.path());
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->finding_count, 0) << report->findings.at(0).what;
  EXPECT_EQ(report->objects, 30);
  EXPECT_EQ(report->conflicts, 1);
}

TEST_F(MaintenanceTest, FindsOneFlippedByteInAnObjectAndInARecordHeader) {
  house_.stop();
  overwrite(record(4) + 512 + 900, "Q");
  overwrite(record(9) + 20, "Q");
  const auto report = verify(scratch_.path());
  ASSERT_TRUE(report);
  ASSERT_GE(report->findings.size(), 2u);
  EXPECT_EQ(report->findings[0].offset, record(4));
  EXPECT_EQ(report->findings[1].offset, record(9));
  EXPECT_EQ(report->objects, 28);
}

TEST_F(MaintenanceTest, FindsDamageInTheVeryLastRecord) {
  house_.stop();
  overwrite(record(30) + 512 + 900, "Q");
  const auto report = verify(scratch_.path());
  ASSERT_EQ(report->finding_count, 1);
  EXPECT_EQ(report->findings[0].offset, record(30));
}

TEST_F(MaintenanceTest, FindsARowWhosePackIsGone) {
  house_.stop();
  std::filesystem::remove(scratch_.path() / "packs/00000001.tar");
  EXPECT_EQ(verify(scratch_.path())->finding_count, 31);
}

TEST_F(MaintenanceTest, CutsATornRecordOffAndGoesOnBehindTheLastWholeOne) {
  house_.stop();
  const auto pack = scratch_.path() / "packs/00000001.tar";
  std::filesystem::remove(scratch_.path() / "index.db");
  overwrite(record(30) + 512 + 900, "Q");  // the conflict: as if its last page had not reached the disk
  house_.start();
  EXPECT_EQ(house_.storage->health(Call{})->instances, 30);
  ASSERT_TRUE(house_.put(nth_file(77)));
  house_.stop();
  EXPECT_EQ(verify(scratch_.path())->finding_count, 0);
  EXPECT_EQ(std::system(fmt::format("tar tf {} | grep -q '^1.2.3.1.77.dcm$'", pack.string()).c_str()), 0);
}

TEST_F(MaintenanceTest, KeepsWhatStandsBehindADamagedRecord) {
  house_.stop();
  std::filesystem::remove(scratch_.path() / "index.db");
  overwrite(record(4), std::string(2000, '\0'));
  house_.start();
  EXPECT_EQ(house_.storage->health(Call{})->instances, 29);
  EXPECT_TRUE(house_.get("1.3.7.10"));
}

TEST_F(MaintenanceTest, LetsTarGiveTheFilesBackWithoutLarmor) {
  house_.stop();
  const auto out = scratch_.path() / "out";
  std::filesystem::create_directories(out);
  ASSERT_EQ(
      std::system(
          fmt::format("tar xf {} -C {}", (scratch_.path() / "packs/00000001.tar").string(), out.string()).c_str()),
      0);
  EXPECT_EQ(read_file(out / "1.2.7.10.dcm").value(), nth_file(10, {.study = "1.2", .series = "1.2.7"}));
}

}  // namespace
}  // namespace larmor::storage
