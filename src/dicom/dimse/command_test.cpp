#include "dicom/dimse/command.h"

#include <gtest/gtest.h>

namespace larmor::dimse {
namespace {

Command example() {
  return {Field::store_request, 7, SopClassUid("1.2.840.10008.5.1.4.1.1.4"), SopUid("1.2.3.45"), true, 0, ""};
}

TEST(Command, ComesBackAsItWasSent) {
  const auto c = decode(as_bytes(encode(example())));
  ASSERT_TRUE(c);
  EXPECT_EQ(c->field, Field::store_request);
  EXPECT_EQ(c->message, 7);
  EXPECT_EQ(c->sop_class, example().sop_class);
  EXPECT_EQ(c->instance.str(), "1.2.3.45");
  EXPECT_TRUE(c->data_set);
}

TEST(Command, OfAResponseCarriesStatusAndComment) {
  auto answer = example();
  answer.field = Field::store_response, answer.data_set = false, answer.status = 0xA700, answer.comment = "no room";
  const auto c = decode(as_bytes(encode(answer)));
  ASSERT_TRUE(c);
  EXPECT_EQ(c->status, 0xA700);
  EXPECT_EQ(c->comment, "no room");
  EXPECT_FALSE(c->data_set);
}

TEST(Command, SaysItsOwnLengthInTheFirstElement) {
  const auto bytes = encode(example());
  const auto length = static_cast<unsigned char>(bytes[8]) | static_cast<unsigned char>(bytes[9]) << 8;
  EXPECT_EQ(static_cast<std::size_t>(length), bytes.size() - 12);
}

TEST(Command, IsRefusedWhereverItIsCutOff) {
  const auto bytes = encode(example());
  int refused = 0;
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto c = decode(as_bytes(std::string_view(bytes).substr(0, n)));
    if (!c)
      ++refused;
    else
      EXPECT_TRUE(c->instance.empty());  // only whole leading elements: the last one is missing
  }
  EXPECT_GT(refused, 0);
}

TEST(Command, WithALengthBeyondTheEndIsRefused) {
  auto bytes = encode(example());
  bytes[16] = '\xff', bytes[17] = '\xff';
  EXPECT_FALSE(decode(as_bytes(bytes)));
}

}  // namespace
}  // namespace larmor::dimse
