#include "dicom/query/model.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

std::string written(std::string_view vr, std::string_view value) {
  std::string out;
  append_element(out, vr, value);
  return out;
}

TEST(Model, WritesTheSameAsTextAndAsValues) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"LO", ""},
      {"LO", "a\\\\b"},
      {"LO", "\\"},
      {"LO", " padded "},
      {"LO", "say \"when\"\t\x01"},
      {"IS", "7\\-3"},
      {"US", "256"},
      {"IS", "007"},
      {"IS", "7.5"},
      {"IS", "+7"},
      {"PN", "A^B"},
      {"PN", "A^B=\xE5\xB1\xB1^\xE7\x94\xB0=C"},
      {"PN", "==C"},
      {"PN", "A=B=C=D"},
      {"PN", "M\xC3\xBCller^J\\Other^O"},
      {"CS", "MR\\\\SR"},
      {"PN", "="},
      {"DA", "20260101"},
      {"UI", "1.2.3"},
      {"SH", "\xC3\xA9t\xC3\xA9"},
  };
  for (const auto& [vr, value] : cases)
    EXPECT_EQ(Json::parse(written(vr, value)), element(vr, value)) << vr << " " << value;
}

TEST(Model, PutsASignInThePlaceOfWhatIsNoUtf8) {
  EXPECT_EQ(Json::parse(written("LO", "A\xFF"))["Value"][0], "A\xEF\xBF\xBD");
}

}  // namespace
}  // namespace larmor::dicom
