#include "services/storage/rest/multipart.h"

#include <cstring>

#include "base/random.h"

namespace larmor::storage {
namespace {

class PartsSource final : public ByteSource {
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
        content_.reset();
      } else if (headed_) {
        content_ = TRY(parts_[at_++].open());
        headed_ = false;
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

 private:
  std::vector<Part> parts_;
  std::vector<std::string> heads_;
  std::string close_;
  std::string_view text_;  ///< what is to be sent before anything else
  std::unique_ptr<ByteSource> content_;
  std::size_t at_ = 0;
  bool headed_ = false;
};

}  // namespace

net::Response multipart_answer(std::string_view type, std::vector<Part> parts) {
  const auto boundary = random_token();
  std::vector<std::string> heads;
  auto close = fmt::format("\r\n--{}--\r\n", boundary);
  std::uint64_t size = close.size();
  for (const auto& part : parts) {
    const auto location = part.location.empty() ? "" : fmt::format("Content-Location: {}\r\n", part.location);
    heads.push_back(fmt::format("{}--{}\r\nContent-Type: {}\r\n{}\r\n", heads.empty() ? "" : "\r\n", boundary,
                                part.type, location));
    size += heads.back().size() + part.size;
  }
  net::Response response;
  response.headers = {{"content-type", fmt::format("multipart/related; type=\"{}\"; boundary={}", type, boundary)},
                      {"cache-control", "private, no-cache"}};
  response.stream = std::make_shared<PartsSource>(std::move(parts), std::move(heads), std::move(close));
  response.stream_size = size;
  return response;
}

}  // namespace larmor::storage
