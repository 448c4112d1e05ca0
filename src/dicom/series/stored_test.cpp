#include "dicom/series/stored.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

TEST(StoredBits, CutTwelveBitsOutOfSixteen) {
  const StoredBits low{16, 12, 11, false, {}}, high{16, 12, 15, false, {}};
  EXPECT_EQ(low.value(0xfabc), 0xabc) << "overlays in the upper bits are no intensity";
  EXPECT_EQ(high.value(0xabcf), 0xabc);
}

TEST(StoredBits, ExtendTheSign) {
  const StoredBits twelve{16, 12, 11, true, {}}, sixteen{16, 16, 15, true, {}}, eight{8, 8, 7, true, {}};
  EXPECT_EQ(twelve.value(0x0fff), -1);
  EXPECT_EQ(twelve.value(0x07ff), 2047);
  EXPECT_EQ(sixteen.value(0x8000), -32768);
  EXPECT_EQ(eight.value(0x80), -128);
}

TEST(StoredBits, OfImpossibleLayoutsAreRefused) {
  EXPECT_TRUE((StoredBits{16, 16, 15, false, {}}.valid()));
  EXPECT_FALSE((StoredBits{16, 17, 16, false, {}}.valid()));
  EXPECT_FALSE((StoredBits{16, 12, 5, false, {}}.valid()));
  EXPECT_FALSE((StoredBits{16, 0, 0, false, {}}.valid()));
  EXPECT_FALSE((StoredBits{32, 32, 31, false, {}}.valid()));
  EXPECT_FALSE((StoredBits{1, 1, 0, false, {}}.valid()));
}

}  // namespace
}  // namespace larmor::dicom
