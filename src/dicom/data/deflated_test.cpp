#include "dicom/data/deflated.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "dicom/data/part10.h"
#include "dicom/data/scan.h"

namespace larmor::dicom {
namespace {

using namespace std::string_literals;

constexpr std::size_t kEnough = std::size_t{1} << 20;

std::string deflated(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string kDataSet =
    "\x10\0\x20\0LO\x04\0P123"s + "\xE0\x7F\x10\0OB\0\0\0\0\x04\0"s + std::string(0x40000, 'x');

std::string file_of(const std::string& packed) {
  return part10_front(SopClassUid("1.2.3"), SopUid("1.2.4"), TransferSyntaxUid(std::string(kDeflatedSyntax)), {}) +
         packed;
}

TEST(Deflated, IsTheSameInExplicitLittleEndian) {
  const auto plain = inflated_file(as_bytes(file_of(deflated(kDataSet))), kEnough);
  ASSERT_TRUE(plain) << to_string(plain.error());
  const std::array wanted = {tag::kPatientId};
  const auto header = scan(*plain, wanted).value();
  EXPECT_EQ(header.transfer_syntax, "1.2.840.10008.1.2.1");
  EXPECT_EQ(header.media_instance, "1.2.4");
  EXPECT_EQ(header[tag::kPatientId], "P123");
  EXPECT_EQ(header.end, End::pixel_data);
  EXPECT_EQ(as_text(Bytes(*plain).subspan(header.data_set_at)), kDataSet);
}

TEST(Deflated, IsRefusedWhereItBreaksOffOrIsTooLarge) {
  const auto packed = deflated(kDataSet);
  EXPECT_EQ(inflated_file(as_bytes(file_of(packed.substr(0, packed.size() / 2))), kEnough).error().code, Code::corrupt);
  EXPECT_EQ(inflated_file(as_bytes(file_of("no such thing")), kEnough).error().code, Code::corrupt);
  EXPECT_EQ(inflated_file(as_bytes(file_of(packed)), 100'000).error().code, Code::too_large);
}

}  // namespace
}  // namespace larmor::dicom
