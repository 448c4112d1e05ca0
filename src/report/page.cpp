#include "base/text.h"
#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

/// Without a date of its own the page has its study's, so that it is the same page in every run.
std::string creation_date(const Findings& f) {
  const auto& day = f.acquisition.study_date;
  if (!f.made.empty() || date_words(day) == day) return f.made;
  return fmt::format("{}-{}-{}T00:00:00", day.substr(0, 4), day.substr(4, 2), day.substr(6));
}

}  // namespace

bool has_norms(const Findings& f) {
  return f.norms && !f.norms->rows.empty();
}

bool has_indices(const Findings& f) {
  return f.norms && !f.norms->indices.empty();
}

bool has_change(const Findings& f) {
  return f.since && !f.since->rows.empty();
}

std::vector<std::string> cautions_of(const Findings& f) {
  auto out = f.flags;
  if (f.since)
    for (const auto& warning : f.since->warnings) out.push_back(warning + ".");
  return out;
}

std::string as_sentence(std::string text, std::size_t longest) {
  if (text.size() > longest) text = text.substr(0, text.rfind(' ', longest)).substr(0, longest) + " ...";
  return capitalised(text);
}

double draw_head(Canvas& c, const Findings& f, std::string_view title, std::string_view about) {
  double y = 38;
  if (!f.remark.empty()) {
    c.box(kLeft, y - 10, kText, 15, hex(0xfdf0d8), 2);
    c.line(kLeft + 6, y, f.remark, {.size = 7.6, .weight = 600, .ink = kWarn}, kText - 12);
    y += 22;
  }
  c.line(kLeft, y + 14, title, {.size = 21, .weight = 600, .display = true, .spacing = -0.2});
  c.line(kRight, y + 3, "LARMOR", {.size = 8.2, .weight = 700, .ink = kAccent, .align = Align::right, .spacing = 1.4});
  c.line(kRight, y + 14, about, {.size = 7, .ink = kDim, .align = Align::right}, 190);
  c.rule(kLeft, y + 25, kRight, y + 25, kStrongLine, 0.9);
  return y + 25;
}

void draw_foot(Canvas& c, const Findings& f, int page) {
  c.rule(kLeft, kFoot, kRight, kFoot, kStrongLine, 0.9);
  c.line(kLeft, kFoot + 12, "Not a medical device. Not for diagnostic use.", {.size = 8, .weight = 700});
  c.line(
      kLeft, kFoot + 23.5,
      "Larmor is not certified in any country. No person has checked the outlines: look at them before you rely on a "
      "number.",
      kSmall);
  Type right = kSmall;
  right.align = Align::right;
  std::string made = f.made;
  if (const auto t = made.find('T'); t != std::string::npos) made[t] = ' ';
  if (!made.empty()) c.line(kRight, kFoot + 12, "Made " + made, right);
  c.line(kRight, kFoot + 23.5, fmt::format("Page {} of 2", page), right);
}

void draw_fact(Canvas& c, double x, double y, double width, std::string_view label, const std::string& value) {
  c.line(x, y, label, kLabel, width);
  const auto known = trim(value);
  c.line(x, y + 11, known.empty() ? "–" : known, {.size = 8.4, .weight = 500}, width);
}

double draw_title(Canvas& c, double x, double y, double width, std::string_view text) {
  c.rule(x, y, x + width, y, kStrongLine, 0.9);
  c.line(x, y + 10, text, kLabel);
  return y + 10;
}

std::size_t cautions_on_first(const Findings& f) {
  return std::min<std::size_t>(cautions_of(f).size(), has_change(f) ? 2 : 5);
}

double draw_cautions(Canvas& c, const Findings& f, double x, double y, double width, std::size_t from, double bottom) {
  constexpr double kTallest = 26;  // of one that is cut to `longest`
  const std::size_t longest = width < 200 ? 76 : 120;
  const auto all = cautions_of(f);
  const auto end = from == 0 ? cautions_on_first(f) : all.size();
  const auto entry = [&](const std::string& text, Ink ink) {
    c.dot(x + 3, y + 4.6, 2.4, ink);
    y += c.paragraph(x + 11, y, width - 11, text, {.size = 7.4}) + 3;
  };
  if (all.empty()) entry("No quality flag was raised.", kOk);
  auto i = from;
  for (; i < end && y + 2 * kTallest < bottom; ++i) entry(as_sentence(all[i], longest), kWarn);
  if (i < all.size()) entry(fmt::format("{} more in the structured report", all.size() - i), kWarn);
  return y - 3;
}

Result<std::string> page_pdf(const Findings& findings, const Scene& scene) {
  const auto canvas = Canvas::pdf(kWidth, kHeight, "Brain volumes", creation_date(findings));
  draw_findings(*canvas, findings, scene);
  canvas->next_page();
  draw_details(*canvas, findings);
  return canvas->finish_pdf();
}

Result<Picture> page_picture(const Findings& findings, const Scene& scene, double dots_per_inch) {
  const auto canvas = Canvas::pixels(kWidth, kHeight, dots_per_inch / 72, kWhite);
  draw_findings(*canvas, findings, scene);
  return canvas->finish_picture();
}

}  // namespace larmor::report
