#include "dicom/web/multipart.h"

#include <cstring>

#include "base/file_stretch.h"
#include "base/random.h"
#include "base/text.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kRead = std::size_t{256} << 10;
constexpr std::size_t kLongestHead = std::size_t{16} << 10;  // of a part
constexpr std::size_t kLongestBoundary = 200;                // RFC 2046 allows 70, and Orthanc writes 73

const std::string kAnyBoundary(32, '-');  // as long as random_token() makes them

std::string head_of(const Part& part, bool first, const std::string& boundary) {
  const auto location = part.location.empty() ? "" : fmt::format("Content-Location: {}\r\n", part.location);
  return fmt::format("{}--{}\r\nContent-Type: {}\r\n{}\r\n", first ? "" : "\r\n", boundary, part.type, location);
}

std::string close_of(const std::string& boundary) {
  return fmt::format("\r\n--{}--\r\n", boundary);
}

class PartsSource final : public FileBackedSource {
 public:
  PartsSource(NextPart next, std::string boundary) : next_(std::move(next)), boundary_(std::move(boundary)) {}

  Result<std::size_t> read(MutableBytes into) override {
    for (;;) {
      if (!unread_.empty()) {
        const auto count = std::min(unread_.size(), into.size());
        std::memcpy(into.data(), unread_.data(), count);
        unread_.remove_prefix(count);
        return count;
      }
      if (open_) CHECK_OK(open_next());
      if (content_) {
        if (const auto got = TRY(content_->read(into)); got > 0) return got;
        files_ = nullptr;
        content_.reset();
      }
      if (closed_) return std::size_t{0};
      if (auto part = TRY(next_())) {
        text_ = head_of(*part, std::exchange(first_, false), boundary_);
        open_ = std::move(part->open);
      } else {
        text_ = close_of(boundary_);
        closed_ = true;
      }
      unread_ = text_;
    }
  }

  Result<FileStretch> stretch() override {
    if (open_ && unread_.empty()) CHECK_OK(open_next());
    return files_ && unread_.empty() ? files_->stretch() : FileStretch{};
  }
  void skip(std::uint64_t n) override { files_->skip(n); }

 private:
  Result<void> open_next() {
    content_ = TRY(std::exchange(open_, nullptr)());
    files_ = dynamic_cast<FileBackedSource*>(content_.get());
    return {};
  }

  const NextPart next_;
  const std::string boundary_;
  std::string text_;           ///< the head of a part, or the end of all
  std::string_view unread_;    ///< of text_; comes before anything else
  decltype(Part::open) open_;  ///< of the part whose head text_ is, until it is open
  std::unique_ptr<ByteSource> content_;
  FileBackedSource* files_ = nullptr;  ///< content_, where it is one
  bool first_ = true, closed_ = false;
};

}  // namespace

void MultipartLength::add(const Part& part) {
  bytes_ += head_of(part, bytes_ == 0, kAnyBoundary).size() + part.size.value_or(0);
  known_ = known_ && part.size;
}

std::optional<std::uint64_t> MultipartLength::bytes() const {
  return known_ ? std::optional(bytes_ + close_of(kAnyBoundary).size()) : std::nullopt;
}

Part held_part(std::string type, std::string content) {
  const auto held = std::make_shared<const std::string>(std::move(content));
  return {std::move(type), "", held->size(),
          [held]() -> Result<std::unique_ptr<ByteSource>> { return std::make_unique<HeldSource>(*held); }};
}

net::Response multipart_answer(std::string_view type, std::vector<Part> parts) {
  MultipartLength length;
  for (const auto& part : parts) length.add(part);
  const auto held = std::make_shared<const std::vector<Part>>(std::move(parts));
  return multipart_answer(type, length.bytes(), [held, n = std::size_t{0}]() mutable -> Result<std::optional<Part>> {
    return n < held->size() ? std::optional((*held)[n++]) : std::nullopt;
  });
}

net::Response multipart_answer(std::string_view type, std::optional<std::uint64_t> length, NextPart next) {
  auto boundary = random_token();
  net::Response response;
  response.headers = {{"content-type", fmt::format("multipart/related; type=\"{}\"; boundary={}", type, boundary)},
                      {"cache-control", "private, no-cache"}};
  response.stream = std::make_shared<PartsSource>(std::move(next), std::move(boundary));
  response.stream_size = length;
  return response;
}

Result<Multipart> multipart(std::string_view content_type) {
  const auto whole = media_type(content_type);
  if (whole.name != "multipart/related")
    return fail_with({Code::unsupported, fmt::format("a body of '{}' is not taken here", whole.name),
                      "Send multipart/related; type=\"application/dicom\"; boundary=...", "content-type"});
  Multipart out{whole.parameter("boundary"), lower(whole.parameter("type"))};
  if (out.boundary.empty() || out.boundary.size() > kLongestBoundary)
    return fail_with({Code::invalid, "the content type names no boundary of 1 to 200 characters",
                      "Send multipart/related; type=\"application/dicom\"; boundary=...", "content-type"});
  return out;
}

Result<bool> PartReader::more() {
  buffer_.erase(0, at_);
  searched_ -= std::min(searched_, at_);
  at_ = 0;
  const auto before = buffer_.size();
  buffer_.resize(before + kRead);
  const auto got = body_.read(std::as_writable_bytes(std::span(buffer_)).subspan(before));
  buffer_.resize(before + (got ? *got : 0));
  return TRY(got) > 0;
}

std::size_t PartReader::before_mark() {
  if (found_ == std::string::npos) {
    found_ = buffer_.find(mark_, std::max(searched_, at_));
    // Where none is, one may yet begin at the very end.
    searched_ = std::min(found_, buffer_.size() - std::min(buffer_.size(), mark_.size() - 1));
  }
  return std::max(searched_, at_) - at_;
}

Result<std::size_t> PartReader::read(MutableBytes into) {
  for (;;) {
    if (const auto count = std::min(before_mark(), into.size()); count > 0) {
      std::memcpy(into.data(), rest().data(), count);
      at_ += count;
      return count;
    }
    if (found_ != std::string::npos) return std::size_t{0};
    if (!TRY(more())) return fail(Code::invalid, "the body ends within a part, before its boundary");
  }
}

Result<std::optional<net::Headers>> PartReader::next() {
  std::array<std::byte, 4096> skipped;
  while (TRY(read(skipped)) > 0) continue;
  at_ = found_ + mark_.size();
  found_ = std::string::npos;
  std::size_t end = 0;
  while (!rest().starts_with("--") && (end = rest().find("\r\n\r\n")) == std::string::npos) {
    if (rest().size() > kLongestHead) return fail(Code::invalid, "the head of a part is longer than 16 KiB");
    if (!TRY(more())) return fail(Code::invalid, "the body ends within the head of a part");
  }
  if (rest().starts_with("--")) return std::optional<net::Headers>();
  net::Headers headers;
  for (auto head = rest().substr(0, end); !head.empty();) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    if (const auto colon = line.find(':'); colon != std::string::npos)
      headers.emplace(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  }
  at_ += end + 4;
  return headers;
}

}  // namespace larmor::dicom
