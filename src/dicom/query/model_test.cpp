#include "dicom/query/model.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

std::string written(std::string_view vr, std::string_view value) {
  std::string out;
  append_element(out, vr, value);
  return out;
}

TEST(Model, WritesValuesByTheirRepresentation) {
  const std::tuple<std::string_view, std::string_view, const char*> cases[] = {
      {"LO", "", nullptr},
      {"LO", "a\\\\b", R"(["a", null, "b"])"},
      {"LO", "\\", "[null, null]"},
      {"LO", " padded ", R"(["padded"])"},
      {"LO", "say \"when\"\t\x01", R"(["say \"when\"\t\u0001"])"},
      {"IS", "7\\-3", "[7, -3]"},
      {"US", "256", "[256]"},
      {"IS", "007", "[7]"},
      {"IS", "7.5", R"(["7.5"])"},
      {"IS", "+7", R"(["+7"])"},
      {"PN", "A^B", R"([{"Alphabetic": "A^B"}])"},
      {"PN", "A^B=\xE5\xB1\xB1^\xE7\x94\xB0=C",
       R"([{"Alphabetic": "A^B", "Ideographic": "\u5c71^\u7530", "Phonetic": "C"}])"},
      {"PN", "==C", R"([{"Phonetic": "C"}])"},
      {"PN", "A=B=C=D", R"([{"Alphabetic": "A", "Ideographic": "B", "Phonetic": "C"}])"},
      {"PN", "M\xC3\xBCller^J\\Other^O", R"([{"Alphabetic": "M\u00fcller^J"}, {"Alphabetic": "Other^O"}])"},
      {"PN", "=", "[{}]"},
      {"CS", "MR\\\\SR", R"(["MR", null, "SR"])"},
      {"DA", "20260101", R"(["20260101"])"},
      {"UI", "1.2.3", R"(["1.2.3"])"},
      {"SH", "\xC3\xA9t\xC3\xA9", R"(["\u00e9t\u00e9"])"},
  };
  for (const auto& [vr, value, expected] : cases) {
    Json element = {{"vr", vr}};
    if (expected) element["Value"] = Json::parse(expected);
    EXPECT_EQ(Json::parse(written(vr, value)), element) << vr << " " << value;
  }
}

TEST(Model, PutsASignInThePlaceOfWhatIsNoUtf8) {
  EXPECT_EQ(Json::parse(written("LO", "A\xFF"))["Value"][0], "A\xEF\xBF\xBD");
}

TEST(Model, PutsCommasBetweenAttributes) {
  std::string set = "{";
  for (const Tag tag : {0x00080060u, 0x0020000Du}) {
    append_key(set, tag);
    append_element(set, "CS", "");
  }
  EXPECT_EQ(set + "}", R"({"00080060":{"vr":"CS"},"0020000D":{"vr":"CS"}})");
}

}  // namespace
}  // namespace larmor::dicom
