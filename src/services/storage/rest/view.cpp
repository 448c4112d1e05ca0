#include "services/storage/rest/view.h"

#include <cmath>

#include "base/number.h"
#include "base/text.h"

namespace larmor::storage {
namespace {

constexpr int kLargest = 10'000;  // columns and rows of a picture

const net::Text kWindow("window", "center,width,function (linear, linear-exact, sigmoid) of rescaled values");
const net::Text kViewport("viewport", "columns,rows that the picture fits into; and left,top,width,height");
const net::Whole kQuality("quality", 1, 100, WantedView{}.quality, "Of a JPEG");

struct Word {
  std::string_view word;
  dicom::Curve curve;
};
constexpr std::array kCurves = {Word{"linear", dicom::Curve::linear}, Word{"linear-exact", dicom::Curve::linear_exact},
                                Word{"sigmoid", dicom::Curve::sigmoid}};

Failure wrong(const net::Text& row, const std::string& value, std::string hint) {
  return fail_with({Code::invalid, fmt::format("'{}' is no {}", value, row.name), std::move(hint), row.name});
}

/// center,width,function
Result<dicom::Window> window_of(const std::string& text) {
  const auto parts = split(text, ',');
  const auto* curve = std::find_if(kCurves.begin(), kCurves.end(),
                                   [&](const auto& row) { return parts.size() == 3 && row.word == trim(parts[2]); });
  const auto center = to_number<double>(trim(parts[0])),
             width = parts.size() == 3 ? to_number<double>(trim(parts[1])) : std::nullopt;
  // A linear window is at least one value wide (PS3.3 C.11.2.1.2).
  const bool wide =
      width && (curve != kCurves.end() && curve->curve == dicom::Curve::linear ? *width >= 1 : *width > 0);
  if (curve == kCurves.end() || !center || !wide)
    return wrong(kWindow, text,
                 "Give center,width,function, for instance 40,350,linear; others are linear-exact and sigmoid.");
  return dicom::Window{*center, *width, curve->curve};
}

/// columns,rows or columns,rows,left,top,width,height, of which the last four may be empty
Result<void> read_viewport(const std::string& text, dicom::View& view) {
  const auto parts = split(text, ',');
  const std::array<int*, 6> into = {&view.columns, &view.rows, &view.left, &view.top, &view.width, &view.height};
  bool good = parts.size() == 2 || parts.size() == 6;
  for (std::size_t i = 0; good && i < parts.size(); ++i) {
    const auto value = to_number<double>(trim(parts[i]));
    if (value && std::abs(*value) <= 1e6) *into[i] = static_cast<int>(std::lround(*value));
    good = value ? std::abs(*value) <= 1e6 : i >= 2 && trim(parts[i]).empty();
  }
  if (good && view.columns >= 1 && view.columns <= kLargest && view.rows >= 1 && view.rows <= kLargest) return {};
  return wrong(
      kViewport, text,
      fmt::format("Give columns,rows up to {}, and after them, if a part is wanted, left,top,width,height.", kLargest));
}

}  // namespace

std::vector<net::Parameter> view_parameters() {
  return {kWindow, kViewport, kQuality};
}

Result<WantedView> wanted_view(const net::Request& r) {
  WantedView wanted;
  if (const auto text = TRY(kWindow.in(r))) wanted.view.window = TRY(window_of(*text));
  if (const auto text = TRY(kViewport.in(r))) CHECK_OK(read_viewport(*text, wanted.view));
  wanted.quality = static_cast<int>(TRY(kQuality.in(r)));
  return wanted;
}

}  // namespace larmor::storage
