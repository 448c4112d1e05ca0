#include "dicom/dimse/file_head.h"

#include <gtest/gtest.h>

#include "dicom/data/part10.h"

namespace larmor::dimse {
namespace {

std::string encode(const FileMeta& m) {
  return dicom::part10_front(m.sop_class, m.instance, m.transfer_syntax, AeTitle(m.source));
}

FileMeta example() {
  return {SopClassUid("1.2.840.10008.5.1.4.1.1.4"), SopUid("1.2.3"), TransferSyntaxUid("1.2.840.10008.1.2.1"), "CT2"};
}

TEST(FileHead, ComesBackAsItWasWrittenAndLeavesTheDataSet) {
  const auto bytes = encode(example()) + "data set";
  MemorySource source(as_bytes(bytes));
  const auto meta = read_file_head(source);
  ASSERT_TRUE(meta);
  EXPECT_EQ(meta->sop_class, example().sop_class);
  EXPECT_EQ(meta->instance, example().instance);
  EXPECT_EQ(meta->transfer_syntax, example().transfer_syntax);
  EXPECT_EQ(meta->source, "CT2");
  EXPECT_EQ(read_all(source, 100), "data set");
}

TEST(FileHead, IsRefusedWhereverItIsCutOff) {
  const auto bytes = encode(example());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    MemorySource source(as_bytes(std::string_view(bytes).substr(0, n)));
    EXPECT_FALSE(read_file_head(source)) << n;
  }
}

TEST(FileHead, OfAnythingElseIsRefusedWithTheReason) {
  const std::string text(1000, 'x');
  MemorySource source(as_bytes(text));
  const auto meta = read_file_head(source);
  ASSERT_FALSE(meta);
  EXPECT_EQ(meta.error().code, Code::corrupt);
  EXPECT_NE(meta.error().what.find("no DICOM file"), std::string::npos);
}

TEST(FileHead, ThatClaimsToBeHugeIsRefused) {
  auto bytes = encode(example());
  bytes[143] = '\x7f';
  MemorySource source(as_bytes(bytes));
  EXPECT_FALSE(read_file_head(source));
}

}  // namespace
}  // namespace larmor::dimse
