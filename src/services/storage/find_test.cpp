#include <gtest/gtest.h>

#include "backends/sqlite/sqlite.h"
#include "dicom/query/model.h"
#include "net/test_ways.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/remote.h"
#include "services/storage/rest/routes.h"

namespace larmor::storage {
namespace {

using dicom::Level;
using testing::House;
using Found = std::vector<std::string>;

/// Objects with what the small recipe does not know: further elements in front of the pixels, in ascending order.
std::string object(int study, int series, int instance, const std::string& name, const std::string& id,
                   const std::string& date, const std::string& time, const std::string& modality,
                   const std::string& request = "") {
  using testing::element;
  const auto study_uid = fmt::format("1.{}", study), series_uid = fmt::format("1.{}.{}", study, series);
  const auto uid = fmt::format("{}.{}", series_uid, instance);
  auto file = dicom::part10_front(SopClassUid("1.2.840.10008.5.1.4.1.1.4"), SopUid(uid),
                                  TransferSyntaxUid("1.2.840.10008.1.2"), AeTitle("SENDER"));
  file += element(0x0008, 0x0005, "ISO_IR 192") + element(0x0008, 0x0018, uid) + element(0x0008, 0x0020, date) +
          element(0x0008, 0x0030, time) + element(0x0008, 0x0050, fmt::format("ACC{}", study)) +
          element(0x0008, 0x0060, modality) + element(0x0008, 0x0090, "Referrer^Rita") +
          element(0x0008, 0x1030, "MR Head") + element(0x0010, 0x0010, name) + element(0x0010, 0x0020, id) +
          element(0x0020, 0x000D, study_uid) + element(0x0020, 0x000E, series_uid) + element(0x0020, 0x0010, "S7") +
          element(0x0020, 0x0011, std::to_string(series)) + element(0x0020, 0x0013, std::to_string(instance)) +
          element(0x0028, 0x0010, std::string("\0\1", 2)) + element(0x0028, 0x0011, std::string("\x40\0", 2)) +
          element(0x0028, 0x0100, std::string("\x10\0", 2)) + element(0x0040, 0x0244, date);
  if (!request.empty()) {
    const auto inside = element(0x0040, 0x0009, request);
    std::string item("\xfe\xff\0\xe0", 4);
    for (int shift = 0; shift < 32; shift += 8) item += static_cast<char>(inside.size() >> shift & 0xFF);
    file += element(0x0040, 0x0275, item + inside);
  }
  return file + element(0x7FE0, 0x0010, std::string(64, 'x'));
}

/// Every promise is held to twice: by the storage itself, and through its REST API.
class FindTest : public ::testing::TestWithParam<net::testing::Way> {
 protected:
  void SetUp() override {
    for (const auto& file : {object(1, 1, 1, "Müller^Jürgen", "P1", "20260101", "080000", "MR", "SPS1"),
                             object(1, 1, 2, "Müller^Jürgen", "P1", "20260101", "080000", "MR", "SPS1"),
                             object(1, 2, 1, "Müller^Jürgen", "P1", "20260101", "080000", "SR"),
                             object(2, 1, 1, "Smith^Anna Maria", "P2", "20260102", "120000", "CT", "SPS2"),
                             object(3, 1, 1, "Smithers^Bob", "P3", "20260103", "160000", "MR"),
                             object(4, 1, 1, "Smith^Anna Maria", "P2", "20260104", "", "MR")})
      ASSERT_TRUE(testing::put(*storage_, file));
  }
  Json only(const dicom::Query& query) { return Json::parse(page(query)->items.at(0)); }
  Result<dicom::FoundPage> page(const dicom::Query& query) { return storage_->find(query, Call{}); }
  static dicom::Query ask(Level level, const std::vector<std::pair<std::string, std::string>>& keys) {
    dicom::Query query;
    query.level = level;
    for (const auto& [keyword, value] : keys) query.keys.push_back({dicom::find_attribute(keyword)->tag, 0, value});
    return query;
  }
  /// The UIDs of the level that was asked for.
  Found uids(const dicom::Query& query) {
    const auto found = page(query);
    EXPECT_TRUE(found) << to_string(found.error());
    Found uids;
    const auto* tag = query.level == Level::study ? "0020000D" : query.level == Level::series ? "0020000E" : "00080018";
    if (found)
      for (const auto& item : found->items) uids.push_back(dicom::text_of(Json::parse(item).at(tag)));
    return uids;
  }
  Found studies(const std::vector<std::pair<std::string, std::string>>& keys) { return uids(ask(Level::study, keys)); }

  Scratch scratch_;
  House house_{scratch_.path()};
  net::testing::Seen<Storage> seen_{GetParam(), routes, connect};
  Storage* storage_ = &seen_.show(*house_.storage);
};

TEST_P(FindTest, AnswersEachKindOfMatchingWhateverTheWayThroughTheIndex) {
  EXPECT_EQ(studies({}), (Found{"1.4", "1.3", "1.2", "1.1"}));
  EXPECT_EQ(studies({{"PatientName", "*smi*"}}), (Found{"1.4", "1.3", "1.2"}));
  EXPECT_EQ(studies({{"PatientName", "MULLER^JURGEN"}}), Found{"1.1"});
  EXPECT_EQ(studies({{"PatientName", "*ü*"}}), Found{"1.1"});  // too short to look up
  EXPECT_EQ(studies({{"PatientName", "*ithe*bo?"}}), Found{"1.3"});
  EXPECT_EQ(studies({{"PatientName", "smith"}}), Found{});
  EXPECT_EQ(studies({{"PatientName", "*smi*"}, {"StudyDate", "20260102-20260103"}}), (Found{"1.3", "1.2"}));
  EXPECT_EQ(studies({{"PatientID", "P2"}}), (Found{"1.4", "1.2"}));
  EXPECT_EQ(studies({{"PatientID", "P?"}, {"ModalitiesInStudy", "CT"}}), Found{"1.2"});
  EXPECT_EQ(studies({{"AccessionNumber", "ACC3"}}), Found{"1.3"});
  EXPECT_EQ(studies({{"StudyDate", "20260102-"}, {"ModalitiesInStudy", "MR"}}), (Found{"1.4", "1.3"}));
  EXPECT_EQ(studies({{"ModalitiesInStudy", "SR\\CT"}}), (Found{"1.2", "1.1"}));
  EXPECT_EQ(studies({{"ModalitiesInStudy", "S*"}}), Found{"1.1"});
  EXPECT_EQ(studies({{"StudyInstanceUID", "1.3\\1.1\\9.9"}}), (Found{"1.3", "1.1"}));
  EXPECT_EQ(studies({{"ReferringPhysicianName", "referrer*"}, {"StudyDate", "20260101"}}), Found{"1.1"});
  EXPECT_EQ(studies({{"StudyDescription", "*head*"}}), Found{});
  EXPECT_EQ(studies({{"SOPClassesInStudy", "1.2.840.10008.5.1.4.1.1.4"}, {"StudyID", "S7"}}).size(), 4u);
}

TEST_P(FindTest, FindsNamesByTheBeginningsOfTheirWords) {
  auto query = ask(Level::study, {{"PatientName", "mar smi"}});
  query.fuzzy = true;
  EXPECT_EQ(uids(query), (Found{"1.4", "1.2"}));
  query.keys[0].value = "muller";
  EXPECT_EQ(uids(query), Found{"1.1"});
  query.keys[0].value = "\" OR \"*";
  EXPECT_EQ(uids(query), Found{});
}

TEST_P(FindTest, TakesADateAndItsTimeForOneRangeWhereThatIsAsked) {
  auto query = ask(Level::study, {{"StudyDate", "20260101-20260103"}, {"StudyTime", "1000-1300"}});
  EXPECT_EQ(uids(query), Found{"1.2"});
  query.combined = true;
  EXPECT_EQ(uids(query), Found{"1.2"});
  query.keys[1].value = "0700-1700";
  EXPECT_EQ(uids(query), (Found{"1.3", "1.2", "1.1"}));
  query.keys[1].value = "0900-1500";  // after nine on the first day, before three on the last
  EXPECT_EQ(uids(query), Found{"1.2"});
}

TEST_P(FindTest, GoesDownToSeriesAndInstances) {
  EXPECT_EQ(uids(ask(Level::series, {{"StudyInstanceUID", "1.1"}})), (Found{"1.1.1", "1.1.2"}));
  EXPECT_EQ(uids(ask(Level::series, {{"Modality", "SR"}})), Found{"1.1.2"});
  EXPECT_EQ(uids(ask(Level::series, {{"Modality", "MR"}, {"PatientID", "P2"}})), Found{"1.4.1"});
  EXPECT_EQ(uids(ask(Level::instance, {{"SeriesInstanceUID", "1.1.1"}})), (Found{"1.1.1.1", "1.1.1.2"}));
  EXPECT_EQ(uids(ask(Level::instance, {{"SOPInstanceUID", "1.1.1.2,1.3.1.1"}})), (Found{"1.3.1.1", "1.1.1.2"}));
  EXPECT_EQ(uids(ask(Level::instance, {{"StudyInstanceUID", "1.1"}, {"InstanceNumber", "2"}})), Found{"1.1.1.2"});
  EXPECT_EQ(uids(ask(Level::instance, {{"StudyInstanceUID", "1.1"}, {"Rows", "256"}})).size(), 3u);
}

TEST_P(FindTest, LooksIntoTheItemsOfASequence) {
  dicom::Query query;
  query.level = Level::series;
  query.keys = {{0x00400009, 0x00400275, "SPS*"}};
  EXPECT_EQ(uids(query), (Found{"1.2.1", "1.1.1"}));
  query.keys[0].value = "SPS2";
  EXPECT_EQ(uids(query), Found{"1.2.1"});
}

TEST_P(FindTest, ReturnsWhatTheStandardRequiresAndWhatIsAskedFor) {
  auto query = ask(Level::study, {{"StudyInstanceUID", "1.1"}});
  auto item = only(query);
  EXPECT_EQ(item["00100010"], Json::parse(R"({"vr":"PN","Value":[{"Alphabetic":"Müller^Jürgen"}]})"));
  EXPECT_EQ(item["00080061"], Json::parse(R"({"vr":"CS","Value":["MR","SR"]})"));
  EXPECT_EQ(item["00201206"], Json::parse(R"({"vr":"IS","Value":[2]})"));
  EXPECT_EQ(item["00201208"], Json::parse(R"({"vr":"IS","Value":[3]})"));
  EXPECT_EQ(item["00080090"], Json::parse(R"({"vr":"PN","Value":[{"Alphabetic":"Referrer^Rita"}]})"));
  EXPECT_EQ(item["00100040"], Json::parse(R"({"vr":"CS"})"));
  EXPECT_FALSE(item.contains("00081030"));
  query.include = {0x00081030};
  EXPECT_EQ(only(query)["00081030"], Json::parse(R"({"vr":"LO","Value":["MR Head"]})"));
  query.all = true;
  EXPECT_TRUE(only(query).contains("00080062"));
  item = only(ask(Level::instance, {{"SOPInstanceUID", "1.1.1.1"}, {"StudyInstanceUID", "1.1"}}));
  EXPECT_EQ(item["00280010"], Json::parse(R"({"vr":"US","Value":[256]})"));
  EXPECT_EQ(item["00280011"], Json::parse(R"({"vr":"US","Value":[64]})"));
  EXPECT_EQ(item["0020000E"], Json::parse(R"({"vr":"UI","Value":["1.1.1"]})"));
  EXPECT_FALSE(item.contains("00100010"));
}

TEST_P(FindTest, SaysWhereEachObjectIsWhereTheServiceIsNamed) {
  auto query = ask(Level::instance, {{"SOPInstanceUID", "1.1.1.1"}});
  EXPECT_FALSE(only(query).contains("00081190"));
  query.root = "http://here/dicom-web";
  EXPECT_EQ(only(query)["00081190"]["Value"][0], "http://here/dicom-web/studies/1.1/series/1.1.1/instances/1.1.1.1");
  query.level = Level::study;
  query.keys = {{0x0020000D, 0, "1.1"}};
  EXPECT_EQ(only(query)["00081190"]["Value"][0], "http://here/dicom-web/studies/1.1");
}

TEST_P(FindTest, WritesTagsInTheirOrder) {
  auto query = ask(Level::instance, {{"SOPInstanceUID", "1.1.1.1"}});
  query.root = "/dicom-web";
  query.all = true;
  std::vector<std::string> tags;
  (void)Json::parse(page(query)->items.at(0), [&](int depth, Json::parse_event_t event, Json& key) {
    if (depth == 1 && event == Json::parse_event_t::key) tags.push_back(key);
    return true;
  });
  EXPECT_GT(tags.size(), 30u);
  EXPECT_TRUE(std::ranges::is_sorted(tags));  // PS3.18 F.2.2
}

TEST_P(FindTest, PagesWithoutGapsOrRepetitionsByCursorAndByOffset) {
  const std::vector<dicom::Query> queries = {ask(Level::study, {}),
                                             ask(Level::study, {{"PatientName", "*smi*"}}),
                                             ask(Level::study, {{"PatientID", "P2"}}),
                                             ask(Level::series, {}),
                                             ask(Level::instance, {{"StudyInstanceUID", "1.1"}}),
                                             ask(Level::instance, {}),
                                             ask(Level::study, {{"ModalitiesInStudy", "MR"}})};
  for (auto query : queries) {
    const auto all = uids(query);
    query.limit = 1;
    Found by_cursor, by_offset;
    for (query.offset = 0; query.offset < static_cast<std::int64_t>(all.size()); ++query.offset)
      by_offset.push_back(uids(query).at(0));
    EXPECT_EQ(by_offset, all);
    EXPECT_EQ(uids(query), Found{});
    query.offset = 0;
    do {
      const auto one = uids(query);
      by_cursor.insert(by_cursor.end(), one.begin(), one.end());
      query.after = page(query)->next;
    } while (!query.after.empty() && by_cursor.size() <= all.size());
    EXPECT_EQ(by_cursor, all);
  }
}

TEST_P(FindTest, NamesWhatItCannotUnderstand) {
  const std::pair<dicom::Query, std::string> cases[] = {
      {ask(Level::study, {{"StudyDate", "soon"}}), "StudyDate"},
      {ask(Level::study, {{"Modality", "MR"}}), "Modality"},
  };
  for (const auto& [query, field] : cases) {
    const auto found = page(query);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Code::invalid);
    EXPECT_EQ(found.error().field, field);
  }
  auto query = ask(Level::study, {});
  query.limit = 0;
  EXPECT_EQ(page(query).error().field, "limit");
  query.limit = 1;
  query.after = "x";
  EXPECT_EQ(page(query).error().field, "after");
}

TEST_P(FindTest, BuildsAnIndexOfAnotherVersionAnewFromThePacks) {
  seen_.close();
  house_.stop();
  {
    auto old = sqlite::Database::open(scratch_.path() / "index.db", sqlite::Durability::normal);
    ASSERT_TRUE(old);
    ASSERT_TRUE(old->execute("PRAGMA user_version = 1; DROP TABLE study_name"));
  }
  house_.start();
  storage_ = &seen_.show(*house_.storage);
  EXPECT_EQ(studies({{"PatientName", "*smi*"}}), (Found{"1.4", "1.3", "1.2"}));
}

INSTANTIATE_TEST_SUITE_P(Contract, FindTest, net::testing::kWays, net::testing::name_of);

}  // namespace
}  // namespace larmor::storage
