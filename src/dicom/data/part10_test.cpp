#include "dicom/data/part10.h"

#include <gtest/gtest.h>

#include "dicom/data/scan.h"

namespace larmor::dicom {
namespace {

TEST(Part10, WritesAFrontThatTheScannerReadsBack) {
  auto file = part10_front(SopClassUid("1.2.840.10008.5.1.4.1.1.4"), SopUid("1.2.3"),
                           TransferSyntaxUid("1.2.840.10008.1.2"), AeTitle("PACS"));
  file += std::string("\x10\0\x10\0\4\0\0\0A^B ", 12);
  const Tag wanted[] = {tag::kPatientName};
  const auto header = scan(as_bytes(file), wanted);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->media_class, "1.2.840.10008.5.1.4.1.1.4");
  EXPECT_EQ(header->media_instance, "1.2.3");
  EXPECT_EQ(header->transfer_syntax, "1.2.840.10008.1.2");
  EXPECT_EQ(header->source_ae, "PACS");
  EXPECT_EQ((*header)[tag::kPatientName], "A^B");
  EXPECT_EQ(header->end, End::data_set);
}

TEST(Part10, GivesTheGroupItsTrueLength) {
  const auto front = part10_front(SopClassUid("1.2"), SopUid("1.2.3"), TransferSyntaxUid("1.2.8"), AeTitle());
  const auto length = static_cast<unsigned char>(front[140]) + 256u * static_cast<unsigned char>(front[141]);
  EXPECT_EQ(132 + 12 + length, front.size());
  EXPECT_EQ(front.size() % 2, 0u);
}

}  // namespace
}  // namespace larmor::dicom
