#include "dicom/query/match.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

struct Case {
  const char *keyword, *asked, *stored;
  bool found;
  bool fuzzy = false;
};

TEST(Match, FollowsEachKindOfMatchingOfTheStandard) {
  const Case cases[] = {
      // Single value, with and without regard to case.
      {"AccessionNumber", "A1", "A1", true},
      {"AccessionNumber", "a1", "A1", false},
      {"AccessionNumber", " A1 ", "A1", true},
      {"PatientName", "DOE^jane", "Doe^Jane", true},
      {"PatientName", "Doe^Jane^^^", "Doe^Jane", true},
      {"PatientName", "muller^jurgen", "Müller^Jürgen", true},
      {"PatientName", "Doe", "Doe^Jane", false},
      {"PatientName", "山田^太郎", "Yamada^Tarou=山田^太郎=やまだ^たろう", true},
      // Universal.
      {"PatientName", "", "Doe^Jane", true},
      {"PatientName", "*", "", true},
      {"StudyDate", "", "", true},
      // Wildcards: a question mark is one letter, however many bytes it has.
      {"PatientName", "*ane*", "Doe^Jane", true},
      {"PatientName", "d?e^*", "Doe^Jane", true},
      {"PatientName", "d?e", "Doe^Jane", false},
      {"PatientName", "?田^*", "x=山田^太郎", true},
      {"StudyDescription", "MR*Head", "MR of the Head", true},
      {"StudyDescription", "MR*head", "MR of the Head", false},
      {"StudyDescription", "*a*a*b", "aaaaaaaaac", false},
      // Lists.
      {"StudyInstanceUID", "1.2\\1.3", "1.3", true},
      {"StudyInstanceUID", "1.2,1.3", "1.3", true},
      {"StudyInstanceUID", "1.2,1.3", "1.33", false},
      {"ModalitiesInStudy", "MR", "CT\\MR", true},
      {"ModalitiesInStudy", "M", "CT\\MR", false},
      {"ModalitiesInStudy", "PT\\CT", "CT\\MR", true},
      // Ranges.
      {"StudyDate", "20260131", "20260131", true},
      {"StudyDate", "20260131", "2026.01.31", true},
      {"StudyDate", "20260101-20260131", "20260131", true},
      {"StudyDate", "20260101-20260130", "20260131", false},
      {"StudyDate", "-20260131", "20260131", true},
      {"StudyDate", "20260201-", "20260131", false},
      {"StudyDate", "20260201-", "", false},
      {"StudyTime", "10", "104459.5", true},
      {"StudyTime", "1030-1045", "104559.999", true},
      {"StudyTime", "1030-1044", "104500", false},
      {"StudyTime", "-0900", "08:15:00", true},
      // Numbers.
      {"SeriesNumber", "7", "007", true},
      {"SeriesNumber", "7", "71", false},
      // Fuzzy: beginnings of words, in any order, without case and accents.
      {"PatientName", "jan do", "Doe^Jane", true, true},
      {"PatientName", "MULL", "Müller^Jürgen", true, true},
      {"PatientName", "ane", "Doe^Jane", false, true},
      {"PatientName", "jane smith", "Doe^Jane", false, true},
      {"PatientName", "太", "x=山田^太郎", true, true},
  };
  for (const auto& c : cases) {
    const auto matcher = Matcher::make(*find_attribute(c.keyword), c.asked, c.fuzzy);
    ASSERT_TRUE(matcher) << c.keyword << "=" << c.asked << ": " << to_string(matcher.error());
    EXPECT_EQ(matcher->matches(c.stored), c.found) << c.keyword << "=" << c.asked << " in " << c.stored;
  }
}

TEST(Match, NamesTheAttributeWhoseValueMakesNoSense) {
  const std::pair<const char*, const char*> cases[] = {
      {"StudyDate", "yesterday"},     {"StudyDate", "20261301"},
      {"StudyDate", "20260101-2026"}, {"StudyDate", "-"},
      {"StudyTime", "2500"},          {"StudyTime", "1"},
      {"StudyInstanceUID", "1.2/.."}, {"StudyInstanceUID", "1.*"},
      {"SeriesNumber", "seven"},      {"RetrieveURL", "x"},
  };
  for (const auto& [keyword, value] : cases) {
    const auto matcher = Matcher::make(*find_attribute(keyword), value);
    ASSERT_FALSE(matcher) << keyword << "=" << value;
    EXPECT_EQ(matcher.error().code, Code::invalid);
    EXPECT_EQ(matcher.error().field, keyword);
  }
}

}  // namespace
}  // namespace larmor::dicom
