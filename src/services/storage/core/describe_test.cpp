#include "services/storage/core/describe.h"

#include <gtest/gtest.h>

#include "services/storage/adapters/test_object.h"

namespace larmor::storage {
namespace {

using testing::element;

std::string file_with(const std::string& more) {
  return dicom::part10_front(SopClassUid("1.2"), SopUid("1.2.3"), TransferSyntaxUid("1.2.840.10008.1.2"), AeTitle()) +
         more + element(0x0020, 0x000D, "1.5") + element(0x0020, 0x000E, "1.6");
}
Result<Described> describe_file(const std::string& file) {
  return describe(as_bytes(file), file.size(), "d");
}

TEST(Describe, TakesThePositionAlongTheNormalOfTheSlice) {
  const auto geometry = element(0x0020, 0x0032, "10\\20\\+30.5 ") + element(0x0020, 0x0037, "0\\1\\0\\0\\0\\-1");
  const auto what = describe_file(file_with("") + geometry);
  ASSERT_TRUE(what) << to_string(what.error());
  ASSERT_TRUE(what->position_mm);
  EXPECT_DOUBLE_EQ(*what->position_mm, -10);
  EXPECT_EQ(what->orientation, "0\\1\\0\\0\\0\\-1");
  EXPECT_FALSE(describe_file(file_with("") + element(0x0020, 0x0032, "1\\2"))->position_mm);
}

TEST(Describe, ShowsTextAsUtf8AndNeverRefusesACharacterSet) {
  const auto what = describe_file(file_with(element(0x0008, 0x0005, "ISO_IR 144") +
                                            element(0x0010, 0x0010, "\xbb\xee") + element(0x0010, 0x0030, "19631129")));
  EXPECT_EQ(what->study.patient_name.reveal(), "Лю");
  EXPECT_EQ(what->study.birth_date.reveal(), "19631129");
  EXPECT_TRUE(describe_file(file_with(element(0x0008, 0x0005, "nonsense") + element(0x0010, 0x0010, "\xff\xfe"))));
}

TEST(Describe, SaysWhatIsMissingAndWhy) {
  auto file = file_with("");
  file.resize(file.size() - 5);
  const auto outcome = describe_file(file);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::corrupt);
  EXPECT_EQ(outcome.error().field, "SeriesInstanceUID");
  EXPECT_NE(outcome.error().what.find("bytes end inside"), std::string::npos) << outcome.error().what;
}

TEST(Describe, TakesNumbersAsFarAsTheyAreNumbers) {
  EXPECT_EQ(describe_file(file_with("") + element(0x0020, 0x0013, " 12 "))->instance.number, 12);
  EXPECT_EQ(describe_file(file_with("") + element(0x0020, 0x0013, "x"))->instance.number, 0);
  EXPECT_EQ(describe_file(file_with("") + element(0x0028, 0x0008, "0"))->instance.frames, 1);
}

}  // namespace
}  // namespace larmor::storage
