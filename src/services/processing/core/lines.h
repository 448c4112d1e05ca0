#pragma once
/// What a pipeline prints, taken in bounded memory: whole lines of its standard output, the end of its standard error.
/// Pure.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace larmor::processing {

/// Cuts a stream into lines. A line longer than the bound is dropped whole.
class Lines {
 public:
  explicit Lines(std::size_t longest = 16 << 10) : longest_(longest) {}
  void add(std::string_view piece, const std::function<void(std::string_view line)>&);

 private:
  const std::size_t longest_;
  std::string open_;
  bool dropping_ = false;
};

/// Keeps the last bytes of a stream.
class LastWords {
 public:
  explicit LastWords(std::size_t most = 4096) : most_(most) {}
  void add(std::string_view piece);
  /// From the first whole line that is left, as valid UTF-8.
  std::string text() const;

 private:
  const std::size_t most_;
  std::string kept_;
  bool cut_ = false;
};

struct ProgressLine {
  double fraction = 0;
  std::string step;
};

/// {"fraction": 0.4, "step": "segmenting"}; nothing where the line is something else.
std::optional<ProgressLine> parse_progress(std::string_view line);

}  // namespace larmor::processing
