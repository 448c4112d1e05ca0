#include "services/storage/rest/named.h"

#include <gtest/gtest.h>

#include <thread>

#include "dicom/web/multipart.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/wado.h"

namespace larmor::storage {
namespace {

using testing::House;
using testing::nth_file;
using testing::Recipe;

constexpr int kMany = 2 * static_cast<int>(Named::kWindow) + 7;

/// A study of two series, the second longer than what is held at once.
class NamedTest : public ::testing::Test {
 protected:
  NamedTest() {
    std::vector<std::jthread> senders;  // so that they share their syncs
    for (int first = 1; first <= 16; ++first)
      senders.emplace_back([this, first] {
        for (int n = first; n <= kMany; n += 16)
          EXPECT_TRUE(house_.put(nth_file(n, {.series = "1.2.3.2", .pixels = 10})));
      });
    EXPECT_TRUE(house_.put(nth_file(1, {.pixels = 10})));
  }

  static net::Request asked_for(std::map<std::string, std::string, std::less<>> where) {
    net::Request r;
    r.captured = std::move(where);
    r.headers = {{"accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*"}};
    return r;
  }
  /// UIDs in the order of the walk; something may happen in the middle of it.
  static std::vector<std::string> walked(const std::shared_ptr<const Named>& named,
                                         const std::function<void()>& in_the_middle = {}) {
    std::vector<std::string> uids;
    Walk walk(named);
    for (const auto* row = walk.next().value(); row; row = walk.next().value()) {
      uids.push_back(row->instance.str());
      if (in_the_middle && uids.size() == Named::kWindow + 2) in_the_middle();
    }
    return uids;
  }
  net::Response answer(const std::string& pattern, const net::Request& r) {
    for (const auto& route : wado_routes(*house_.storage))
      if (route.pattern == pattern) return route.handler(r).value();
    throw std::runtime_error("no route " + pattern);
  }
  /// Objects that come while an answer is on its way: before, among, and behind those that are still to be read.
  void add_some() {
    for (const auto* number : {"1", "520", "1004", "99999"})
      EXPECT_TRUE(house_.put(testing::dicom_file(
          {.series = "1.2.3.2", .instance = fmt::format("1.2.3.2.0.{}", number), .number = number, .pixels = 10})));
    EXPECT_TRUE(house_.put(nth_file(1, {.series = "1.2.3.3", .pixels = 10})));
  }

  Scratch scratch_;
  House house_{scratch_.path()};
};

TEST_F(NamedTest, GoesThroughAStudyAsItWasWhenItWasAskedFor) {
  const auto study = asked_for({{"study", "1.2.3"}});
  std::vector<std::string> shown;
  const auto named =
      Named::of(*house_.storage, study, [&](const InstanceRow& row) { shown.push_back(row.instance.str()); }).value();
  ASSERT_EQ(named->size(), kMany + 1u);
  EXPECT_EQ(named->front().size(), Named::kWindow);
  EXPECT_EQ(shown.at(1), "1.2.3.2.1");
  EXPECT_EQ(shown.back(), fmt::format("1.2.3.2.{}", kMany));
  EXPECT_EQ(walked(named), shown);
  EXPECT_EQ(walked(named, [this] { add_some(); }), shown);
  EXPECT_EQ(walked(named), shown);
  EXPECT_EQ(Named::of(*house_.storage, study).value()->size(), kMany + 6u) << "asked again, they are there";
}

TEST_F(NamedTest, KeepsTheLengthThatItPromisedWhileObjectsArrive) {
  const auto answered =
      answer("/dicom-web/studies/{study}/series/{series}", asked_for({{"study", "1.2.3"}, {"series", "1.2.3.2"}}));
  ASSERT_TRUE(answered.stream_size);
  std::string front(*answered.stream_size / 2, '\0');
  for (auto into = std::as_writable_bytes(std::span(front)); !into.empty();)
    into = into.subspan(answered.stream->read(into).value());
  add_some();
  const auto all = front + read_all(*answered.stream, 64 << 20).value();
  EXPECT_EQ(all.size(), *answered.stream_size);
  MemorySource body(as_bytes(all));
  const auto kind = dicom::multipart(answered.headers.find("content-type")->second).value();
  dicom::PartReader parts(kind.boundary, body);
  for (int n = 1; n <= kMany; ++n) {
    ASSERT_TRUE(parts.next().value());
    ASSERT_EQ(read_all(parts.content(), 1 << 20).value(), nth_file(n, {.series = "1.2.3.2", .pixels = 10})) << n;
  }
  EXPECT_FALSE(parts.next().value());
}

TEST_F(NamedTest, WritesTheMetadataOfManyObjectsAsOneList) {
  auto request = asked_for({{"study", "1.2.3"}});
  request.headers = {{"accept", "application/dicom+json"}};
  const auto whole = answer("/dicom-web/studies/{study}/metadata", request);
  ASSERT_TRUE(whole.stream);
  const auto sets = Json::parse(read_all(*whole.stream, 64 << 20).value());
  ASSERT_EQ(sets.size(), kMany + 1u);
  EXPECT_EQ(sets.back().at("00080018").at("Value").at(0), fmt::format("1.2.3.2.{}", kMany));
  request.captured = {{"study", "1.2.3"}, {"series", "1.2.3.1"}};
  const auto small = answer("/dicom-web/studies/{study}/series/{series}/metadata", request);
  EXPECT_FALSE(small.stream) << "what is small comes whole, so that it can be compressed";
  EXPECT_EQ(Json::parse(small.body).size(), 1u);
}

TEST_F(NamedTest, SaysWhatThereIsNot) {
  EXPECT_EQ(Named::of(*house_.storage, asked_for({{"study", "9"}})).error().code, Code::not_found);
  EXPECT_EQ(Named::of(*house_.storage, asked_for({{"study", "1.2.3"}, {"series", "9"}})).error().code, Code::not_found);
}

}  // namespace
}  // namespace larmor::storage
