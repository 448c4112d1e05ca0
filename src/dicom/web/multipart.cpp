#include "dicom/web/multipart.h"

#include <cstring>

#include "base/file_stretch.h"
#include "base/random.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kRead = std::size_t{256} << 10;
constexpr std::size_t kLongestHead = std::size_t{16} << 10;  // of a part
constexpr std::size_t kLongestBoundary = 200;                // RFC 2046 allows 70, and Orthanc writes 73

class PartsSource final : public FileBackedSource {
 public:
  PartsSource(std::vector<Part> parts, std::vector<std::string> heads, std::string close)
      : parts_(std::move(parts)), heads_(std::move(heads)), close_(std::move(close)) {}

  Result<std::size_t> read(MutableBytes into) override {
    for (;;) {
      if (!text_.empty()) {
        const auto count = std::min(text_.size(), into.size());
        std::memcpy(into.data(), text_.data(), count);
        text_.remove_prefix(count);
        return count;
      }
      if (content_) {
        if (const auto got = TRY(content_->read(into)); got > 0) return got;
        files_ = nullptr;
        content_.reset();
      } else if (headed_) {
        CHECK_OK(open_next());
        continue;
      }
      if (at_ > parts_.size()) return std::size_t{0};
      if (at_ == parts_.size()) {
        text_ = close_;
        ++at_;
      } else {
        text_ = heads_[at_];
        headed_ = true;
      }
    }
  }

  Result<FileStretch> stretch() override {
    if (headed_ && text_.empty()) CHECK_OK(open_next());
    return files_ && text_.empty() ? files_->stretch() : FileStretch{};
  }
  void skip(std::uint64_t n) override { files_->skip(n); }

 private:
  Result<void> open_next() {
    content_ = TRY(parts_[at_++].open());
    files_ = dynamic_cast<FileBackedSource*>(content_.get());
    headed_ = false;
    return {};
  }

  std::vector<Part> parts_;
  std::vector<std::string> heads_;
  std::string close_;
  std::string_view text_;  ///< what is to be sent before anything else
  std::unique_ptr<ByteSource> content_;
  FileBackedSource* files_ = nullptr;  ///< content_, where it is one
  std::size_t at_ = 0;
  bool headed_ = false;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Part held_part(std::string type, std::string content) {
  const auto size = content.size();
  return {std::move(type), "", size, [content = std::move(content)]() -> Result<std::unique_ptr<ByteSource>> {
            return std::make_unique<HeldSource>(content);
          }};
}

net::Response multipart_answer(std::string_view type, std::vector<Part> parts) {
  const auto boundary = random_token();
  std::vector<std::string> heads;
  auto close = fmt::format("\r\n--{}--\r\n", boundary);
  std::uint64_t size = close.size();
  bool known = true;
  for (const auto& part : parts) {
    const auto location = part.location.empty() ? "" : fmt::format("Content-Location: {}\r\n", part.location);
    heads.push_back(fmt::format("{}--{}\r\nContent-Type: {}\r\n{}\r\n", heads.empty() ? "" : "\r\n", boundary,
                                part.type, location));
    size += heads.back().size() + part.size.value_or(0);
    known = known && part.size;
  }
  net::Response response;
  response.headers = {{"content-type", fmt::format("multipart/related; type=\"{}\"; boundary={}", type, boundary)},
                      {"cache-control", "private, no-cache"}};
  response.stream = std::make_shared<PartsSource>(std::move(parts), std::move(heads), std::move(close));
  if (known) response.stream_size = size;
  return response;
}

std::string media_type(std::string_view content_type) {
  return lower(trimmed(content_type.substr(0, content_type.find(';'))));
}

Result<Multipart> multipart(std::string_view content_type) {
  Multipart out;
  if (media_type(content_type) != "multipart/related")
    return fail_with({Code::unsupported, fmt::format("a body of '{}' is not taken here", media_type(content_type)),
                      "Send multipart/related; type=\"application/dicom\"; boundary=...", "content-type"});
  for (auto left = content_type.substr(std::min(content_type.find(';'), content_type.size())); !left.empty();) {
    left.remove_prefix(1);
    const auto equals = left.find('=');
    if (equals == std::string_view::npos) break;
    const auto name = lower(trimmed(left.substr(0, equals)));
    left = trimmed(left.substr(equals + 1));
    const bool quoted = left.starts_with('"');
    if (quoted) left.remove_prefix(1);
    const auto value = left.substr(0, left.find(quoted ? '"' : ';'));
    left.remove_prefix(value.size());
    left.remove_prefix(std::min(left.find(';'), left.size()));
    if (name == "boundary") out.boundary = quoted ? value : trimmed(value);
    if (name == "type") out.type = lower(trimmed(value));
  }
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
      headers.emplace(lower(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
  }
  at_ += end + 4;
  return headers;
}

}  // namespace larmor::dicom
