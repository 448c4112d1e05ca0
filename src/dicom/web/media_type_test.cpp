#include "dicom/web/media_type.h"

#include <gmock/gmock.h>

namespace larmor::dicom {
namespace {

TEST(MediaType, IsReadWithItsParameters) {
  const auto read = media_type(" Multipart/Related ; TYPE=\"a/b\";boundary=\"x; y\" ;flag; transfer-syntax = * ");
  EXPECT_EQ(read.name, "multipart/related");
  EXPECT_EQ(read.parameter("type"), "a/b");
  EXPECT_EQ(read.parameter("boundary"), "x; y");
  EXPECT_EQ(read.parameter("transfer-syntax"), "*");
  EXPECT_EQ(read.parameter("flag"), "");
  EXPECT_EQ(media_type("").name, "");
}

TEST(MediaType, ListsAreSplitOutsideOfQuotes) {
  EXPECT_THAT(members("a/b;c=\"d,e\",f/g"), ::testing::ElementsAre("a/b;c=\"d,e\"", "f/g"));
}

}  // namespace
}  // namespace larmor::dicom
