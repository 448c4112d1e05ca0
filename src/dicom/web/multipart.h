#pragma once
/// multipart/related bodies (RFC 2387, RFC 2046 section 5.1), written and read as streams.
#include <functional>

#include "dicom/web/media_type.h"
#include "net/http.h"

namespace larmor::dicom {

struct Part {
  std::string type;                                           ///< Content-Type
  std::string location;                                       ///< Content-Location; empty for none
  std::optional<std::uint64_t> size;                          ///< of what `open` gives; nothing: it is not known yet
  std::function<Result<std::unique_ptr<ByteSource>>()> open;  ///< called when the part's turn has come
};

/// A part that is in memory.
Part held_part(std::string type, std::string content);

/// Holds what it gives.
class HeldSource final : public ByteSource {
 public:
  explicit HeldSource(std::string content) : content_(std::move(content)), left_(as_bytes(content_)) {}
  Result<std::size_t> read(MutableBytes into) override { return left_.read(into); }

 private:
  std::string content_;
  MemorySource left_;
};

/// How long an answer of such parts is, found without holding them.
class MultipartLength {
 public:
  void add(const Part&);
  std::optional<std::uint64_t> bytes() const;  ///< nothing when the size of a part is not known yet

 private:
  std::uint64_t bytes_ = 0;
  bool known_ = true;
};

/// Makes one part after another; nothing behind the last. An error ends the answer.
using NextPart = std::function<Result<std::optional<Part>>()>;

/// Nothing is opened before its turn has come. `type`: the media type of the root part.
net::Response multipart_answer(std::string_view type, std::vector<Part>);
/// For many parts, of which none is held. `length`: bytes() of them all.
net::Response multipart_answer(std::string_view type, std::optional<std::uint64_t> length, NextPart);

/// What a body's Content-Type says of it.
struct Multipart {
  std::string boundary;
  std::string type;  ///< media type of the parts, in lower case; empty when not said
};

/// `unsupported` when it is no multipart/related, `invalid` when it names no boundary.
Result<Multipart> multipart(std::string_view content_type);

/// Takes a body apart as it comes, with 256 KiB of it in memory. One thread at a time.
/// Failures: `invalid` (the body ends too early, the head of a part is none), and those of the body.
class PartReader {
 public:
  PartReader(const std::string& boundary, ByteSource& body)
      : mark_("\r\n--" + boundary), body_(body), content_(*this), buffer_("\r\n") {}

  /// The next part's headers; nothing when the closing boundary has come. What was left of the part before is skipped.
  Result<std::optional<net::Headers>> next();
  /// Of the part that next() gave; ends at its boundary.
  ByteSource& content() { return content_; }

 private:
  struct Content final : ByteSource {
    explicit Content(PartReader& r) : reader(r) {}
    Result<std::size_t> read(MutableBytes into) override { return reader.read(into); }
    PartReader& reader;
  };
  Result<std::size_t> read(MutableBytes into);
  Result<bool> more();        ///< false at the end of the body
  std::size_t before_mark();  ///< bytes from `at_` that surely belong to the part
  std::string_view rest() const { return std::string_view(buffer_).substr(at_); }

  std::string mark_;
  ByteSource& body_;
  Content content_;
  std::string buffer_;  ///< begins with the line end that a boundary in the first line does not have
  std::size_t at_ = 0;
  std::size_t searched_ = 0;               ///< no boundary begins before
  std::size_t found_ = std::string::npos;  ///< where the next one begins
};

}  // namespace larmor::dicom
