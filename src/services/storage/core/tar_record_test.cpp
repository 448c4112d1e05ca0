#include "services/storage/core/tar_record.h"

#include <gtest/gtest.h>

namespace larmor::storage {
namespace {

RecordHead sample() {
  return {"1.2.3.dcm",
          12345,
          "0123456789abcdef0123456789abcdef",
          Time(1'700'000'000'123'456us),
          {"c-store", "PACS 1", "10.0.0.5:104", "a-17"}};
}

TEST(TarRecord, ComesBackAsItWasWritten) {
  const auto head = decode(encode(sample()));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->name, "1.2.3.dcm");
  EXPECT_EQ(head->size, 12345u);
  EXPECT_EQ(head->digest, sample().digest);
  EXPECT_EQ(head->received, sample().received);
  EXPECT_EQ(head->origin.way, "c-store");
  EXPECT_EQ(head->origin.sender, "PACS 1");
  EXPECT_EQ(head->origin.address, "10.0.0.5:104");
  EXPECT_EQ(head->origin.association, "a-17");
}

TEST(TarRecord, HoldsObjectsBeyondEightGiB) {
  auto head = sample();
  head.size = std::uint64_t{5} << 40;
  EXPECT_EQ(decode(encode(head))->size, head.size);
  head.size = (std::uint64_t{1} << 33) - 1;
  EXPECT_EQ(decode(encode(head))->size, head.size);
}

TEST(TarRecord, CutsWhatIsTooLongBetweenTwoLetters) {
  auto head = sample();
  head.origin = {"upload", "Jürgen " + std::string(23, 'x') + "äöü", std::string(200, 'y'), std::string(200, 'z')};
  const auto back = decode(encode(head));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->digest, head.digest);
  EXPECT_EQ(back->origin.sender, "Jürgen " + std::string(23, 'x'));
}

TEST(TarRecord, IsRefusedWhenAnyByteOfItHasChanged) {
  const auto good = encode(sample());
  for (std::size_t i = 0; i < kBlock; ++i) {
    auto bad = good;
    bad[i] = static_cast<std::byte>(std::to_integer<unsigned>(bad[i]) + 1);
    if (i >= 148 && i < 156) continue;  // the checksum itself
    EXPECT_FALSE(decode(bad)) << i;
  }
}

TEST(TarRecord, IsNeverMistakenForTheEnd) {
  EXPECT_FALSE(decode(Block{}));
  EXPECT_TRUE(is_blank(Block{}));
  EXPECT_FALSE(is_blank(encode(sample())));
}

}  // namespace
}  // namespace larmor::storage
