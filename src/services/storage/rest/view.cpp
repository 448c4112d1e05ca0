#include "services/storage/rest/view.h"

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace larmor::storage {
namespace {

constexpr int kLargest = 10'000;  // columns and rows of a picture

struct Word {
  std::string_view word;
  dicom::Curve curve;
};
constexpr std::array kCurves = {Word{"linear", dicom::Curve::linear}, Word{"linear-exact", dicom::Curve::linear_exact},
                                Word{"sigmoid", dicom::Curve::sigmoid}};

Failure wrong(std::string name, const std::string& value, std::string hint) {
  auto what = fmt::format("'{}' is no {}", value, name);
  return fail_with({Code::invalid, std::move(what), std::move(hint), std::move(name)});
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// center,width,function
Result<dicom::Window> window_of(const std::string& text) {
  const auto parts = split(text, ',');
  const auto* curve = std::find_if(kCurves.begin(), kCurves.end(),
                                   [&](const auto& row) { return parts.size() == 3 && row.word == trim(parts[2]); });
  const auto center = number(trim(parts[0])), width = parts.size() == 3 ? number(trim(parts[1])) : std::nullopt;
  // A linear window is at least one value wide (PS3.3 C.11.2.1.2).
  const bool wide =
      width && (curve != kCurves.end() && curve->curve == dicom::Curve::linear ? *width >= 1 : *width > 0);
  if (curve == kCurves.end() || !center || !wide)
    return wrong("window", text,
                 "Give center,width,function, for instance 40,350,linear; others are linear-exact and sigmoid.");
  return dicom::Window{*center, *width, curve->curve};
}

/// columns,rows or columns,rows,left,top,width,height, of which the last four may be empty
Result<void> read_viewport(const std::string& text, dicom::View& view) {
  const auto parts = split(text, ',');
  const std::array<int*, 6> into = {&view.columns, &view.rows, &view.left, &view.top, &view.width, &view.height};
  bool good = parts.size() == 2 || parts.size() == 6;
  for (std::size_t i = 0; good && i < parts.size(); ++i) {
    const auto value = number(trim(parts[i]));
    if (value && std::abs(*value) <= 1e6) *into[i] = static_cast<int>(std::lround(*value));
    good = value ? std::abs(*value) <= 1e6 : i >= 2 && trim(parts[i]).empty();
  }
  if (good && view.columns >= 1 && view.columns <= kLargest && view.rows >= 1 && view.rows <= kLargest) return {};
  return wrong(
      "viewport", text,
      fmt::format("Give columns,rows up to {}, and after them, if a part is wanted, left,top,width,height.", kLargest));
}

}  // namespace

std::vector<net::Parameter> view_parameters() {
  // Named in braces as {accept} is, see wado.cpp.
  return {net::Texts("{window}", "`window`: center,width,function (linear, linear-exact, sigmoid) of rescaled values"),
          net::Texts("{viewport}", "`viewport`: columns,rows that the picture fits into; and left,top,width,height"),
          net::Texts("{quality}", "`quality`: of a JPEG, 1 to 100")};
}

Result<WantedView> wanted_view(const net::Request& r) {
  WantedView wanted;
  for (const auto& [name, value] : r.query) {
    if (r.query.count(name) > 1)
      return fail_with({Code::invalid, fmt::format("the parameter '{}' is given twice", name), "Give it once.", name});
    if (name == "window") {
      wanted.view.window = TRY(window_of(value));
    } else if (name == "viewport") {
      CHECK_OK(read_viewport(value, wanted.view));
    } else if (name == "quality") {
      const auto quality = number(value);
      if (!quality || *quality < 1 || *quality > 100) return wrong("quality", value, "Give a number from 1 to 100.");
      wanted.quality = static_cast<int>(*quality);
    } else if (name != "accept") {
      return fail_with({Code::invalid, fmt::format("the parameter '{}' is unknown here", name),
                        "Known: accept, window, viewport, quality.", name});
    }
  }
  return wanted;
}

}  // namespace larmor::storage
