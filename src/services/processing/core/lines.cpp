#include "services/processing/core/lines.h"

#include <cmath>

#include "base/json.h"

namespace larmor::processing {
namespace {

/// Bytes that are no UTF-8 become U+FFFD, as JSON and the browser need it.
std::string as_utf8(const std::string& text) {
  const auto quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

}  // namespace

void Lines::add(std::string_view piece, const std::function<void(std::string_view)>& take) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    const auto part = piece.substr(0, end);
    if (!dropping_ && open_.size() + part.size() <= longest_) {
      open_ += part;
    } else {
      dropping_ = true;
    }
    if (end == std::string_view::npos) return;
    if (!dropping_) take(open_);
    open_.clear();
    dropping_ = false;
    piece.remove_prefix(end + 1);
  }
}

void LastWords::add(std::string_view piece) {
  kept_ += piece;
  if (kept_.size() > most_) {
    kept_.erase(0, kept_.size() - most_);
    cut_ = true;
  }
}

std::string LastWords::text() const {
  const auto first_end = kept_.find('\n');
  const bool whole_line_follows = cut_ && first_end != std::string::npos && first_end + 1 < kept_.size();
  return as_utf8(whole_line_follows ? kept_.substr(first_end + 1) : kept_);
}

std::optional<ProgressLine> parse_progress(std::string_view line) {
  const auto json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("fraction") || !json["fraction"].is_number()) return std::nullopt;
  ProgressLine progress{json["fraction"].get<double>(), {}};
  if (!std::isfinite(progress.fraction)) return std::nullopt;
  progress.fraction = std::min(1.0, std::max(0.0, progress.fraction));
  if (json.contains("step") && json["step"].is_string()) progress.step = json["step"].get<std::string>().substr(0, 200);
  return progress;
}

}  // namespace larmor::processing
