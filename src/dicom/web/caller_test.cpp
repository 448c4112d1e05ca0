#include "dicom/web/caller.h"

#include <gmock/gmock.h>

namespace larmor::dicom {
namespace {

using ::testing::ElementsAre;

net::Request asking(std::vector<std::string> accepts) {
  auto request = *net::parse_target(net::Method::get, "/dicom-web/studies");
  for (auto& one : accepts) request.headers.emplace("accept", std::move(one));
  return request;
}

std::vector<std::string> types(const net::Request& r) {
  std::vector<std::string> all;
  for (const auto& a : accepted(r)) all.push_back((a.multipart ? "parts of " : "") + a.type);
  return all;
}

std::string attributes_as(const net::Request& r) {
  const auto xml = wants_xml(r);
  return !xml ? "neither" : *xml ? "xml" : "json";
}

TEST(Caller, HasWhatSheLikesBestFirst) {
  EXPECT_THAT(types(asking({})), ElementsAre("*/*"));
  EXPECT_THAT(types(asking({"image/png, image/jpeg"})), ElementsAre("image/png", "image/jpeg"));
  EXPECT_THAT(types(asking({"image/png;q=0.5, image/jpeg;q=0.8, */*; q=0.1, image/gif"})),
              ElementsAre("image/gif", "image/jpeg", "image/png", "*/*"));
  EXPECT_THAT(types(asking({"multipart/related; type=\"application/dicom\";q=0.2", "image/png;q=0.3"})),
              ElementsAre("image/png", "parts of application/dicom"));
}

TEST(Caller, IsNotGivenWhatSheRefuses) {
  EXPECT_THAT(types(asking({"image/png;q=0, image/jpeg;q=0.000"})), ElementsAre());
  EXPECT_EQ(attributes_as(asking({"application/dicom+json;q=0, application/dicom+xml"})), "xml");
  EXPECT_EQ(attributes_as(asking({"application/dicom+json;q=0"})), "neither");
}

/// Which of the two pictures comes first, and which at all.
std::string pictures(const std::string& accept) {
  std::string found;
  for (const auto& range : accepted(asking({accept})))
    for (const std::string type : {"jpeg", "png"})
      if (range.takes("image/" + type) && found.find(type) == std::string::npos) found += type + " ";
  return found;
}

TEST(Caller, IsHeardByTheNarrowestRangeThatNamesAType) {
  EXPECT_EQ(pictures("image/jpeg;q=0, image/*"), "png ");
  EXPECT_EQ(pictures("*/*, image/*;q=0"), "");
  EXPECT_EQ(pictures("*/*;q=0.1, image/*;q=0, image/png"), "png ");
  EXPECT_EQ(pictures("image/*;q=0.9, image/jpeg;q=0.1"), "png jpeg ");
  EXPECT_EQ(pictures("multipart/related; type=\"image/jpeg\";q=0, */*"), "png ") << "in no form";
  EXPECT_EQ(pictures("multipart/related; type=\"image/jpeg\", image/*;q=0.5"), "jpeg png ") << "alone as well";
  EXPECT_EQ(pictures("image/jpeg; transfer-syntax=1.2.3;q=0, image/*"), "jpeg png ") << "in other syntaxes";
  EXPECT_EQ(attributes_as(asking({"application/dicom+json;q=0, */*"})), "xml");
  EXPECT_EQ(attributes_as(asking({"application/json;q=0, application/*"})), "json");
}

TEST(Caller, GetsAttributesAsJsonOrAsXml) {
  for (const auto* json : {"application/dicom+json", "application/json", "application/*", "text/html, */*;q=0.8",
                           "multipart/related;type=\"application/dicom+xml\";q=0.5, application/dicom+json"})
    EXPECT_EQ(attributes_as(asking({json})), "json") << json;
  for (const auto* xml : {"multipart/related", "multipart/related; type=\"application/dicom+xml\"",
                          "application/dicom+xml, application/dicom+json;q=0.9"})
    EXPECT_EQ(attributes_as(asking({xml})), "xml") << xml;
  EXPECT_EQ(attributes_as(asking({"text/html"})), "neither");
}

TEST(Caller, MaySayItInTheAddress) {
  for (const auto* sent : {"application/dicom+json", "application/dicom%2Bjson"}) {
    const auto request = *net::parse_target(net::Method::get, fmt::format("/dicom-web/studies?accept={}", sent));
    EXPECT_THAT(types(request), ElementsAre("application/dicom+json"));
  }
}

}  // namespace
}  // namespace larmor::dicom
