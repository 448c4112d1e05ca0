#include "services/import/adapters/retrieved.h"

#include <gtest/gtest.h>

#include <thread>

#include "services/storage/adapters/test_object.h"

namespace larmor::importing {
namespace {

using storage::testing::nth_file;

constexpr int kMany = 2 * Retrieved::kPage + 7;

class RetrievedTest : public ::testing::Test {
 protected:
  void put(int first, int step, int last) {
    for (int n = first; n <= last; n += step) EXPECT_TRUE(house_.put(nth_file(n, {.pixels = 10})));
  }
  std::unique_ptr<dimse::Objects> asked_for() {
    (void)house_.storage->studies({}, Call{});  // rows follow behind put()
    dicom::Query query;
    query.keys = {{dicom::tag::kStudyInstanceUid, 0, "1.2.3"}};
    return Retrieved::of(*house_.storage, query).value();
  }
  /// UIDs in their order; something may happen behind the first page.
  static std::vector<std::string> walked(dimse::Objects& objects, const std::function<void()>& in_the_middle = {}) {
    std::vector<std::string> uids;
    objects.begin_anew();
    while (const auto* object = objects.next().value()) {
      uids.push_back(object->instance.str());
      EXPECT_EQ(objects.given(), uids.size());
      if (in_the_middle && uids.size() == Retrieved::kPage + 2) in_the_middle();
    }
    return uids;
  }

  Scratch scratch_;
  storage::testing::House house_{scratch_.path()};
};

TEST_F(RetrievedTest, AreTheObjectsThatWereThereHoweverManyAndAsOftenAsTheyAreWanted) {
  {
    std::vector<std::jthread> senders;  // so that they share their syncs
    for (int first = 1; first <= 16; ++first) senders.emplace_back([this, first] { put(first, 16, kMany); });
  }
  const auto objects = asked_for();
  ASSERT_EQ(objects->size(), kMany);
  EXPECT_EQ(objects->kinds().size(), 1u);
  const auto first = walked(*objects);
  EXPECT_EQ(first.size(), kMany);
  EXPECT_EQ(std::set(first.begin(), first.end()).size(), kMany);
  EXPECT_EQ(walked(*objects, [this] { put(kMany + 1, 1, kMany + 5); }), first)
      << "what arrives later is not among them";
  EXPECT_EQ(walked(*objects), first);
  EXPECT_EQ(asked_for()->size(), kMany + 5) << "asked again, it is";
}

TEST_F(RetrievedTest, OpenFromTheirBeginning) {
  put(1, 1, 2);
  const auto objects = asked_for();
  const auto* object = objects->next().value();
  ASSERT_TRUE(object);
  const auto file = object->open().value();
  EXPECT_EQ(read_all(*file, 1 << 20).value(), house_.get(object->instance.str()).value());
}

TEST_F(RetrievedTest, AreNoneWhereNothingMatches) {
  const auto objects = asked_for();
  EXPECT_EQ(objects->size(), 0u);
  EXPECT_EQ(objects->next().value(), nullptr);
}

}  // namespace
}  // namespace larmor::importing
