#include "services/storage/adapters/index.h"

#include <gtest/gtest.h>

#include <set>

#include "services/storage/adapters/test_object.h"

namespace larmor::storage {
namespace {

class IndexTest : public ::testing::Test {
 protected:
  void SetUp() override { index_ = std::move(*Index::open(scratch_.path() / "index.db")); }

  /// Study number n, stored at second n.
  ArrivalPtr arrival(int n, const std::string& name, const std::string& id = "ID", const std::string& accession = "ACC",
                     const std::string& description = "Head") {
    auto a = std::make_shared<Arrival>();
    a->what.instance.study = StudyUid(fmt::format("1.{}", n));
    a->what.instance.series = SeriesUid(fmt::format("1.{}.1", n));
    a->what.instance.instance = SopUid(fmt::format("1.{}.1.1", n));
    a->what.study.study = a->what.instance.study;
    a->what.study.patient_name = Phi(name);
    a->what.study.patient_id = Phi(id);
    a->what.study.accession = Phi(accession);
    a->what.study.description = description;
    a->what.series.series = a->what.instance.series;
    a->what.series.modality = "MR";
    a->at = Time(std::chrono::seconds(n));
    a->place = {1, static_cast<std::uint64_t>(n) * 1024};
    return a;
  }
  std::vector<std::string> found(const std::string& text) {
    const auto page = index_->studies({.text = text});
    EXPECT_TRUE(page) << to_string(page.error());
    std::vector<std::string> uids;
    for (const auto& study : page->studies) uids.push_back(study.study.str());
    return uids;
  }
  using Uids = std::vector<std::string>;

  Scratch scratch_;
  std::unique_ptr<Index> index_;
};

TEST_F(IndexTest, FindsStudiesByTheBeginningsOfWordsInAnyCase) {
  ASSERT_TRUE(index_->add({arrival(1, "Müller^Jürgen", "PAT-0017", "ACC9", "MR Schädel"),
                           arrival(2, "Meyer^Anna", "PAT-0018"), arrival(3, "Yamada^Tarou=山田^太郎", "J1")}));
  EXPECT_EQ(found("MÜLL"), Uids{"1.1"});
  EXPECT_EQ(found("muller"), Uids{"1.1"});
  EXPECT_EQ(found("anna mey"), Uids{"1.2"});
  EXPECT_EQ(found("pat-00"), (Uids{"1.2", "1.1"}));
  EXPECT_EQ(found("acc9 schäd"), Uids{"1.1"});
  EXPECT_EQ(found("山田"), Uids{"1.3"});
  EXPECT_EQ(found("nobody"), Uids{});
  EXPECT_EQ(found("  "), (Uids{"1.3", "1.2", "1.1"}));
}

TEST_F(IndexTest, KnowsWhatAnObjectIsTheFirstOf) {
  const auto another = [&](ArrivalPtr a, const char* series, const char* instance) {
    a->what.instance.series = SeriesUid(series);
    a->what.instance.instance = SopUid(instance);
    return a;
  };
  const auto told = [&](const std::vector<ArrivalPtr>& batch) {
    const auto firsts = index_->firsts(batch).value();
    std::string words;
    for (const auto& f : firsts)
      words += fmt::format("{}{}{} ", f.patient ? "P" : "", f.study ? "S" : "", f.series ? "s" : "-");
    return words;
  };
  const std::vector<ArrivalPtr> batch = {arrival(1, "Doe", "A"), another(arrival(1, "Doe", "A"), "1.1.1", "1.1.1.2"),
                                         another(arrival(1, "Doe", "A"), "1.1.2", "1.1.2.1"), arrival(2, "Doe", "A"),
                                         arrival(3, "Roe", "B")};
  EXPECT_EQ(told(batch), "PSs - s Ss PSs ");
  EXPECT_EQ(told(batch), "PSs - s Ss PSs ") << "asking changes nothing";
  ASSERT_TRUE(index_->add(batch));
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(told(batch), "- - - - - ");
    EXPECT_EQ(told({another(arrival(1, "Doe", "A"), "1.1.3", "1.1.3.1"), arrival(4, "Roe", "B")}), "s Ss ");
    index_.reset();
    SetUp();
  }
}

TEST_F(IndexTest, TakesSearchTextForTextAndNeverForAQueryLanguage) {
  ASSERT_TRUE(index_->add({arrival(1, "Doe^Jane")}));
  for (const auto* text :
       {"\"", "doe OR x", "doe*", "NEAR(", "a\" OR \"b", "patient_name:doe", "^doe", "-", "%", "doe) AND ("})
    EXPECT_TRUE(index_->studies({.text = text})) << text;
  EXPECT_EQ(found("doe*"), Uids{"1.1"});
  EXPECT_EQ(found("doe OR nobody"), Uids{});
}

TEST_F(IndexTest, PagesNewestFirstWithoutGapsOrRepetitions) {
  std::vector<ArrivalPtr> batch;
  for (int n = 1; n <= 25; ++n) batch.push_back(arrival(n, n % 2 ? "Odd^One" : "Even^One"));
  batch[3]->at = batch[4]->at;  // the same moment
  ASSERT_TRUE(index_->add(batch));
  for (const auto& [text, all] : {std::pair<std::string, std::size_t>{"", 25}, {"one", 25}, {"odd", 13}}) {
    Uids seen;
    StudyQuery query{.text = text, .limit = 4};
    for (int page_count = 0; page_count < 10; ++page_count) {
      const auto page = index_->studies(query);
      ASSERT_TRUE(page);
      for (const auto& study : page->studies) seen.push_back(study.study.str());
      query.after = page->next;
      if (page->next.empty()) break;
    }
    EXPECT_EQ(seen.size(), all) << text;
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), all) << text;
    EXPECT_EQ(seen.front(), "1.25");
    EXPECT_EQ(seen.back(), "1.1");
  }
}

TEST_F(IndexTest, FindsTheSameWhenVeryManyMatch) {
  std::vector<ArrivalPtr> batch;
  for (int n = 1; n <= 4'500; ++n) batch.push_back(arrival(n, n % 1000 == 0 ? "Rare^Bird" : "Common^Bird"));
  ASSERT_TRUE(index_->add(batch));
  const auto page = index_->studies({.text = "bird", .limit = 3});
  ASSERT_EQ(page->studies.size(), 3u);
  EXPECT_EQ(page->studies[0].study.str(), "1.4500");
  const auto next = index_->studies({.text = "bird", .after = page->next, .limit = 3});
  EXPECT_EQ(next->studies[0].study.str(), "1.4497");
  EXPECT_EQ(found("rare"), (Uids{"1.4000", "1.3000", "1.2000", "1.1000"}));
  // Old studies with new images are newer than all others, whatever their number.
  auto late = arrival(7, "Common^Bird");
  late->what.instance.instance = SopUid("1.7.1.2");
  late->at = Time(99'999s);
  ASSERT_TRUE(index_->add({late}));
  EXPECT_EQ(index_->studies({.text = "bird", .limit = 3})->studies[0].study.str(), "1.7");
}

TEST_F(IndexTest, NarrowsByDaysAndModalityWithAndWithoutWords) {
  std::vector<ArrivalPtr> batch;
  for (int n = 1; n <= 5'200; ++n) {
    auto one = arrival(n, n % 2 ? "Odd^One" : "Even^One");
    one->what.study.date = n <= 3 ? "20200101" : "20261127";
    if (n == 1 || n == 5'000) one->what.series.modality = "CT";
    batch.push_back(one);
  }
  ASSERT_TRUE(index_->add(batch));
  const auto uids = [this](StudyQuery query) {
    query.limit = 2;
    Uids seen;
    for (int pages = 0; pages < 10; ++pages) {
      const auto page = index_->studies(query);
      EXPECT_TRUE(page) << to_string(page.error());
      for (const auto& study : page->studies) seen.push_back(study.study.str());
      query.after = page->next;
      if (page->next.empty()) break;
    }
    return seen;
  };
  EXPECT_EQ(uids({.to = "20200101"}), (Uids{"1.3", "1.2", "1.1"}));
  EXPECT_EQ(uids({.from = "20200101", .to = "20200101", .modality = "MR"}), (Uids{"1.3", "1.2"}));
  EXPECT_EQ(uids({.modality = "CT"}), (Uids{"1.5000", "1.1"}));
  EXPECT_EQ(uids({.from = "20200102", .modality = "CT"}), Uids{"1.5000"});
  EXPECT_EQ(uids({.text = "odd", .to = "20200101"}), (Uids{"1.3", "1.1"}));
  EXPECT_EQ(uids({.text = "one", .modality = "CT"}), (Uids{"1.5000", "1.1"}));
  EXPECT_EQ(uids({.from = "20300101"}), Uids{});
}

TEST_F(IndexTest, CountsAnObjectOnceHoweverOftenItIsAdded) {
  ASSERT_TRUE(index_->add({arrival(1, "A"), arrival(1, "A")}));
  ASSERT_TRUE(index_->add({arrival(1, "A")}));
  EXPECT_EQ(index_->study(StudyUid("1.1"))->instances, 1);
  EXPECT_EQ(index_->totals()->instances, 1);
  EXPECT_EQ(index_->totals()->studies, 1);
}

TEST_F(IndexTest, JoinsTheModalitiesOfAStudyEachOnce) {
  auto first = arrival(1, "A"), second = arrival(1, "A"), third = arrival(1, "A");
  second->what.instance.series = SeriesUid("1.1.2");
  second->what.instance.instance = SopUid("1.1.2.1");
  second->what.series.modality = "M";
  third->what.instance.series = SeriesUid("1.1.3");
  third->what.instance.instance = SopUid("1.1.3.1");
  const auto added = index_->add({first, second, third});
  ASSERT_TRUE(added) << to_string(added.error());
  EXPECT_EQ(index_->study(StudyUid("1.1"))->modalities, "MR\\M");
  EXPECT_EQ(index_->study(StudyUid("1.1"))->series, 3);
}

}  // namespace
}  // namespace larmor::storage
