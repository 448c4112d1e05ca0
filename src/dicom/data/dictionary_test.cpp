#include "dicom/data/dictionary.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

TEST(Dictionary, KnowsTheStandardsKeywords) {
  const auto found = find_keyword("SeriesDescription");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->tag, 0x0008103Eu);
  EXPECT_EQ(found->vr, "LO");
  EXPECT_EQ(find_keyword("PatientName")->vr, "PN");
  EXPECT_EQ(find_keyword("SmallestImagePixelValue")->vr, "US");
  EXPECT_FALSE(find_keyword("SeriesDescripton"));
  EXPECT_FALSE(find_keyword(""));
}

TEST(Dictionary, ListsEachKeywordThatItFinds) {
  const auto all = all_keywords();
  EXPECT_GT(all.size(), 3000u);
  for (std::size_t i = 0; i < all.size(); i += 97) EXPECT_TRUE(find_keyword(all[i])) << all[i];
}

}  // namespace
}  // namespace larmor::dicom
