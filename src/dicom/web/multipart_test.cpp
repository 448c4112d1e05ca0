#include "dicom/web/multipart.h"

#include <gmock/gmock.h>

namespace larmor::dicom {
namespace {

using ::testing::HasSubstr;

/// Gives `text` in pieces of `step` bytes.
class Drip final : public ByteSource {
 public:
  Drip(std::string text, std::size_t step) : text_(std::move(text)), step_(step) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto count = std::min({step_, into.size(), text_.size() - at_});
    std::memcpy(into.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t step_, at_ = 0;
};

struct Read {
  std::vector<std::string> types, contents;
  std::optional<Error> error;
};

Read read(const std::string& body, std::size_t step, std::size_t piece = 7) {
  Drip drip(body, step);
  PartReader parts("b-1", drip);
  Read out;
  std::vector<std::byte> bytes(piece);
  for (;;) {
    const auto headers = parts.next();
    if (!headers) out.error = headers.error();
    if (!headers || !*headers) return out;
    const auto type = (*headers)->find("content-type");
    out.types.push_back(type == (*headers)->end() ? "none" : type->second);
    auto& content = out.contents.emplace_back();
    for (;;) {
      const auto got = parts.content().read(bytes);
      if (!got) out.error = got.error();
      if (!got || *got == 0) break;
      content += as_text(Bytes(bytes).first(*got));
    }
  }
}

TEST(PartReader, TakesABodyApartWhereverItsPiecesEnd) {
  const std::string almost = "\r\n--b-\r\n\r\n--b\r--";  // nearly a boundary
  const std::string body = "for readers of mail\r\n--b-1\r\nContent-Type: application/dicom\r\nX: y\r\n\r\none" +
                           almost + "\r\n--b-1\r\n\r\n\r\n--b-1 \r\ncontent-TYPE:image/jpeg \r\n\r\n" +
                           std::string(3, '\r') + "\r\n--b-1--\r\nafterwards\r\n--b-1\r\n";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const auto got = read(body, step);
    EXPECT_FALSE(got.error) << step;
    EXPECT_THAT(got.types, ::testing::ElementsAre("application/dicom", "none", "image/jpeg")) << step;
    EXPECT_THAT(got.contents, ::testing::ElementsAre("one" + almost, "", std::string(3, '\r'))) << step;
  }
}

TEST(PartReader, FindsABoundaryOverTheEndOfItsMemory) {
  for (std::size_t size = (256 << 10) - 40; size < (256 << 10) + 4; ++size) {
    const std::string content(size, '\n');
    const auto got = read("--b-1\r\n\r\n" + content + "\r\n--b-1--", 1 << 20, 100'000);
    ASSERT_EQ(got.contents.size(), 1u) << size;
    EXPECT_TRUE(got.contents[0] == content) << size;
    EXPECT_FALSE(got.error);
  }
}

TEST(PartReader, SkipsWhatNobodyRead) {
  Drip drip("--b-1\r\n\r\n" + std::string(1'000'000, 'x') + "\r\n--b-1\r\n\r\nlast\r\n--b-1--", 1000);
  PartReader parts("b-1", drip);
  EXPECT_TRUE(parts.next().value());
  EXPECT_TRUE(parts.next().value());
  EXPECT_EQ(read_all(parts.content(), 100).value(), "last");
  EXPECT_FALSE(parts.next().value());
}

TEST(PartReader, SaysWhereABodyWasCutOff) {
  const std::string body = "--b-1\r\nContent-Type: a/b\r\n\r\none\r\n--b-1--";
  for (std::size_t length = 0; length < body.size(); ++length)
    EXPECT_TRUE(read(body.substr(0, length), 5).error) << length;
  EXPECT_THAT(read("--b-1\r\nX: " + std::string(20'000, 'x'), 5000).error.value().what,
              HasSubstr("longer than 16 KiB"));
}

TEST(Multipart, IsReadFromItsContentType) {
  const auto quoted = multipart("Multipart/Related; type=\"application/dicom\"; boundary=\"a b;c\"").value();
  EXPECT_EQ(quoted.boundary, "a b;c");
  EXPECT_EQ(quoted.type, "application/dicom");
  const auto plain = multipart("multipart/related;boundary=xyz ; start=\"<1>\";type=Application/Dicom").value();
  EXPECT_EQ(plain.boundary, "xyz");
  EXPECT_EQ(plain.type, "application/dicom");
  EXPECT_EQ(multipart("multipart/form-data; boundary=x").error().code, Code::unsupported);
  for (const auto* wrong : {"multipart/related", "multipart/related; boundary", "multipart/related; boundary=\"\"",
                            "multipart/related; boundary=;type=x", "multipart/related; type=\"x"})
    EXPECT_EQ(multipart(wrong).error().code, Code::invalid) << wrong;
  EXPECT_EQ(multipart("multipart/related; boundary=" + std::string(201, 'x')).error().code, Code::invalid);
}

TEST(Multipart, IsReadAsItWasWritten) {
  std::vector<Part> parts;
  for (const auto* text : {"first", "", "third\r\n"})
    parts.push_back({"application/dicom", "", std::strlen(text), [text]() -> Result<std::unique_ptr<ByteSource>> {
                       return std::make_unique<MemorySource>(as_bytes(text));
                     }});
  const auto answer = multipart_answer("application/dicom", std::move(parts));
  const auto kind = multipart(answer.headers.find("content-type")->second).value();
  PartReader reader(kind.boundary, *answer.stream);
  for (const auto* text : {"first", "", "third\r\n"}) {
    ASSERT_TRUE(reader.next().value());
    EXPECT_EQ(read_all(reader.content(), 100).value(), text);
  }
  EXPECT_FALSE(reader.next().value());
}

}  // namespace
}  // namespace larmor::dicom
