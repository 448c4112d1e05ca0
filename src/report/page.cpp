#include <cctype>

#include "base/text.h"
#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr double kSide = 158;  // the column beside the table
constexpr double kTable = kText - kSide - 22;

constexpr Type kValue{.size = 8.4, .weight = 500};

/// "42 years" of 042Y.
std::string age_words(const std::string& dicom) {
  if (dicom.size() != 4 || !std::all_of(dicom.begin(), dicom.begin() + 3, [](char c) { return c >= '0' && c <= '9'; }))
    return dicom;
  const int count = std::stoi(dicom.substr(0, 3));
  const char* unit = dicom[3] == 'Y' ? "year" : dicom[3] == 'M' ? "month" : dicom[3] == 'W' ? "week" : "day";
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

std::string sex_words(const std::string& dicom) {
  return dicom == "F" ? "female" : dicom == "M" ? "male" : dicom == "O" ? "other" : dicom;
}

std::string or_dash(std::string_view text) {
  return trim(text).empty() ? "–" : std::string(trim(text));
}

/// Flags come as parts of sentences; here each stands alone.
std::string as_sentence(std::string text, std::size_t longest) {
  if (text.size() > longest) text = text.substr(0, longest) + " ...";
  return capitalised(text);
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string join(std::initializer_list<std::string> parts, std::string_view with) {
  std::string text;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += with;
    text += part;
  }
  return text;
}

/// Without anybody to compare with there is nothing to draw on a page of its own.
bool has_norms(const Findings& f) {
  return f.norms && !f.norms->rows.empty();
}

bool has_change(const Findings& f) {
  return f.since && !f.since->rows.empty();
}

int pages_of(const Findings& f) {
  return 1 + has_change(f) + has_norms(f);
}

/// Draws from the top downwards; each part returns where the next may begin.
class Page {
 public:
  Page(Canvas& canvas, const Findings& findings, const Scene& scene) : c_(canvas), f_(findings), scene_(scene) {}

  void draw() {
    double y = draw_head(c_, f_, "Brain volumes", "Automatic measurement on T1-weighted MRI");
    y = subject(y + 13);
    y = figure(y + 12);
    const double top = y + 15;
    table(top);
    side(top);
    draw_foot(c_, f_, 1, pages_of(f_));
  }

 private:
  void fact(double x, double y, double width, std::string_view label, const std::string& value) {
    c_.line(x, y, label, kLabel, width);
    c_.line(x, y + 11, or_dash(value), kValue, width);
  }

  double subject(double y) {
    const auto& who = f_.subject.reveal();
    const auto& a = f_.acquisition;
    const std::array<double, 4> x{kLeft, kLeft + 158, kLeft + 268, kLeft + 378};
    const std::array<double, 4> width{148, 100, 100, kRight - x[3]};
    // A NIfTI file knows neither patient nor study: no rows of dashes then.
    if (!who.name.empty() || !who.id.empty()) {
      fact(x[0], y, width[0], "PATIENT", readable_name(who.name));
      fact(x[1], y, width[1], "PATIENT ID", who.id);
      fact(x[2], y, width[2], "BORN", date_words(who.birth_date));
      fact(x[3], y, width[3], "AGE AND SEX", join({age_words(who.age), sex_words(who.sex)}, ", "));
      y += 26;
    }
    if (!a.study_date.empty() || !a.study_description.empty() || !a.series_description.empty()) {
      fact(x[0], y, width[0], "STUDY", a.study_description);
      fact(x[1], y, width[1], "STUDY DATE", date_words(a.study_date));
      fact(x[2], y, width[2], "ACCESSION", a.accession);
      fact(x[3], y, width[3], "SERIES", a.series_description);
      y += 26;
    }
    fact(x[0], y, width[0] + width[1] + 10, "SCANNER", a.scanner);
    fact(x[2], y, width[2] + width[3] + 10, "VOXELS", a.voxels);
    return y + 11;
  }

  /// Three cuts of one scale and one height, so that sizes can be compared across them.
  double figure(double y) {
    Window window = scene_.around_brain(9);
    const int front = window.high[1] - window.low[1], top = window.high[2] - window.low[2];
    const int more = std::max(0, front - top);
    window.low[2] -= more * 2 / 3;
    window.high[2] += more - more * 2 / 3;
    constexpr double kGap = 5;
    std::array<Slice, 3> cuts;
    double across = 0;
    const std::array planes = {Plane::axial, Plane::coronal, Plane::sagittal};
    for (int i = 0; i < 3; ++i) {
      cuts[i] = scene_.cut(planes[i], scene_.telling(planes[i]), window);
      across += cuts[i].width * cuts[i].mm_x;
    }
    const double scale = std::min((kText - 2 * kGap) / across, 1.05);
    double x = kLeft + (kText - 2 * kGap - across * scale) / 2, height = 0;
    for (int i = 0; i < 3; ++i) {
      const double w = cuts[i].width * cuts[i].mm_x * scale, h = cuts[i].height * cuts[i].mm_y * scale;
      c_.box(x, y, w, h, hex(0x000000));
      c_.slice(cuts[i], x, y, w, 0.55, 0.16, 3);
      annotate(planes[i], x, y, w, h, i);
      if (i == 0) scale_bar(x, y + h, scale);
      x += w + kGap;
      height = std::max(height, h);
    }
    return caption(y + height + 5);
  }

  void annotate(Plane plane, double x, double y, double w, double h, int index) {
    constexpr Type kMark{.size = 7, .weight = 600, .ink = kWhite, .halo = true};
    c_.line(x + 6, y + 11, std::string(1, static_cast<char>('a' + index)),
            {.size = 9, .weight = 700, .ink = kWhite, .halo = true});
    Type right = kMark;
    right.align = Align::right;
    c_.line(x + 5, y + h / 2, plane == Plane::sagittal ? "A" : "R", kMark);
    c_.line(x + w - 5, y + h / 2, plane == Plane::sagittal ? "P" : "L", right);
  }

  void scale_bar(double x, double bottom, double scale) {
    const double end = x + 6 + 50 * scale;
    c_.rule(x + 5.2, bottom - 7, end + 0.8, bottom - 7, hex(0x000000), 2.8);
    c_.rule(x + 6, bottom - 7, end, bottom - 7, kWhite, 1.2);
    c_.line(end + 3, bottom - 4.8, "5 cm", {.size = 6.2, .weight = 600, .ink = kWhite, .halo = true});
  }

  double caption(double y) {
    const auto at = [&](Plane p) { return signed_number(scene_.position_mm(p, scene_.telling(p)), 0); };
    const std::string text = fmt::format(
        "Figure. Outlines of the segmentation on the patient's image: a axial, b coronal through the hippocampi, c "
        "sagittal "
        "near the midline ({}, {} and {} mm up, forward and right of the scanner's origin). "
        "Radiological "
        "convention: the patient's left is on the viewer's right. Colours as in the table.",
        at(Plane::axial), at(Plane::coronal), at(Plane::sagittal));
    return y + c_.paragraph(kLeft, y, kText, text, kSmall);
  }

  struct Columns {
    double left = kLeft + 158, right = kLeft + 193, total = kLeft + 228, percent = kLeft + 261, number = kLeft + 293;
    double axis = kLeft + 313, bar = 16;  ///< the middle and half of the width of the asymmetry bars
  };

  void table(double y) {
    const Columns x;
    Type head = kLabel;
    head.align = Align::right;
    c_.rule(kLeft, y, kLeft + kTable, y, kStrongLine, 0.9);
    y += 10;
    c_.line(kLeft, y, "STRUCTURE", kLabel);
    c_.line(x.left, y, "LEFT, ML", head);
    c_.line(x.right, y, "RIGHT", head);
    c_.line(x.total, y, "TOTAL", head);
    c_.line(x.percent, y, "% ICV", head);
    c_.line(x.number, y, "L – R, %", head);
    Type side = kLabel;
    side.align = Align::centre;
    c_.line(x.axis - x.bar / 2, y, "R", side);
    c_.line(x.axis + x.bar / 2, y, "L", side);
    y += 4.5;
    c_.rule(kLeft, y, kLeft + kTable, y, kStrongLine, 0.4);
    for (const auto& group : tabulate(f_)) {
      y += 13.2;
      c_.line(kLeft, y, group.title, {.size = 7.4, .weight = 600, .ink = kAccent});
      for (const auto& row : group.rows) y = table_row(y + 12.3, row, x);
      y += 4;
      c_.rule(kLeft, y, kLeft + kTable, y, kLine, 0.5);
    }
    sums(y, x);
  }

  double table_row(double y, const TableRow& row, const Columns& x) {
    const auto* structure = imaging::structure(row.structure);
    c_.box(kLeft + 1, y - 5.3, 5.4, 5.4, ink_of(structure->colour), 1.2);
    c_.line(kLeft + 12, y, row.name, kCell);
    if (row.left) c_.line(x.left, y, three_figures(*row.left), kNumber);
    if (row.right) c_.line(x.right, y, three_figures(*row.right), kNumber);
    c_.line(x.total, y, three_figures(row.total), kNumber);
    if (row.percent) c_.line(x.percent, y, fmt::format("{:.2f}", *row.percent), kNumber);
    if (row.asymmetry) asymmetry(y, *row.asymmetry, x);
    return y;
  }

  void asymmetry(double y, double percent, const Columns& x) {
    Type type = kNumber;
    type.ink = kDim;
    c_.line(x.number, y, signed_number(percent, 1), type);
    // The left is on the reader's right, as in the figure; bars end at 20 per cent.
    const double length = x.bar * std::min(std::abs(percent) / 20, 1.0);
    c_.box(percent > 0 ? x.axis : x.axis - length, y - 5, length, 4.6, percent > 0 ? hex(0x0a7b80) : hex(0x6f4fc0));
    c_.rule(x.axis, y - 7, x.axis, y + 1.6, hex(0xb9c5cf), 0.5);
  }

  void sums(double y, const Columns& x) {
    const auto sums = add_up(f_);
    Type strong = kCell, number = kNumber;
    strong.weight = number.weight = 600;
    const auto line = [&](std::string_view name, double ml, bool percent) {
      y += 12.6;
      c_.line(kLeft, y, name, strong);
      c_.line(x.total, y, three_figures(ml), number);
      if (percent && f_.intracranial_ml)
        c_.line(x.percent, y, fmt::format("{:.2f}", 100 * ml / *f_.intracranial_ml), number);
    };
    line("Brain (without ventricles and fluid)", sums.brain, true);
    if (f_.intracranial_ml) line("Intracranial volume (ICV)", *f_.intracranial_ml, false);
    c_.rule(kLeft, y + 5, kLeft + kTable, y + 5, kStrongLine, 0.9);
  }

  void side(double y) {
    const double x = kRight - kSide;
    y = key_figures(x, y);
    if (f_.since) y = since(x, y + 15);
    if (!f_.lesions.empty()) y = lesions(x, y + 15);
    y = quality(x, y + 15);
    y = method(x, y + 15);
    limits(x, y + 15);
  }

  double title(double x, double y, std::string_view text) {
    c_.rule(x, y, kRight, y, kStrongLine, 0.9);
    c_.line(x, y + 10, text, kLabel);
    return y + 10;
  }

  double key_figures(double x, double y) {
    const auto sums = add_up(f_);
    y = title(x, y, "KEY FIGURES") + 3;
    const auto figure = [&](std::string_view name, double ml) {
      y += 20;
      c_.line(x, y, three_figures(ml), {.size = 15, .weight = 600, .display = true});
      const double used = c_.width_of(three_figures(ml), {.size = 15, .weight = 600, .display = true});
      c_.line(x + used + 3, y, "ml", {.size = 7.5, .ink = kDim});
      Type right{.size = 7.4, .weight = 500, .align = Align::right};
      c_.line(kRight, y - 6.5, name, right);
      right.weight = 400;
      right.ink = kFaint;
      if (const auto* norm = norm_of(name)) {
        c_.line(kRight, y + 2, fmt::format("centile {} ({})", norm->centile, norm->range), right);
      } else if (f_.intracranial_ml) {
        c_.line(kRight, y + 2, fmt::format("{:.2f} % of ICV", 100 * ml / *f_.intracranial_ml), right);
      }
      y += 4;
    };
    figure("Brain", sums.brain);
    figure("Hippocampi", sums.hippocampi);
    figure("Ventricles", sums.ventricles);
    if (f_.norms && !f_.norms->none_because.empty())
      y += 4 + c_.paragraph(x, y + 4, kSide, "No centiles: " + f_.norms->none_because + ".", kSmall);
    return y;
  }

  double since(double x, double y) {
    const auto& s = *f_.since;
    const std::string heading = since_words(s);
    y = title(x, y, upper(heading));
    if (!s.refused.empty()) {
      const auto why = as_sentence("not compared: " + s.refused, 220);
      return y + 5 + c_.paragraph(x, y + 5, kSide, why + ".", {.size = 7.4});
    }
    const auto& brain = s.rows.front();
    const bool yearly = brain.per_year.has_value();
    const std::string figure = signed_number(yearly ? *brain.per_year : brain.percent, 2);
    y += 23;
    const double used = c_.line(x, y, figure, {.size = 15, .weight = 600, .display = true});
    c_.line(x + used + 3, y,
            fmt::format("%{} ± {:.2f}", yearly ? " a year" : "", yearly ? *brain.per_year_error : brain.error),
            {.size = 7.5, .ink = kDim});
    c_.line(kRight, y - 6.5, "Brain", {.size = 7.4, .weight = 500, .align = Align::right});
    const std::string more = s.warnings.empty() ? "" : ", warnings";
    return y + 4 +
           c_.paragraph(x, y + 4, kSide, capitalised(s.verdict) + " (page 2" + more + ").",
                        {.size = 7.4, .weight = 600});
  }

  double lesions(double x, double y) {
    y = title(x, y, "WHITE-MATTER LESIONS, FLAIR") + 5;
    return y + c_.paragraph(x, y, kSide, as_sentence(f_.lesions, 220), {.size = 7.4});
  }

  /// The norm of a key figure; both hippocampi have none together.
  const NormRow* norm_of(std::string_view name) const {
    if (!f_.norms) return nullptr;
    for (const auto& row : f_.norms->rows)
      if (row.structure == 0 && row.name == name) return &row;
    return nullptr;
  }

  double quality(double x, double y) {
    constexpr std::size_t kShown = 5, kLongest = 120;
    constexpr Type kFlag{.size = 7.4};
    y = title(x, y, "QUALITY") + 5;
    const auto entry = [&](const std::string& text, Ink ink) {
      c_.dot(x + 3, y + 4.6, 2.4, ink);
      y += c_.paragraph(x + 11, y, kSide - 11, text, kFlag) + 3;
    };
    if (f_.flags.empty()) entry("No quality flag was raised.", kOk);
    for (std::size_t i = 0; i < std::min(f_.flags.size(), kShown); ++i)
      entry(as_sentence(f_.flags[i], kLongest), kWarn);
    if (f_.flags.size() > kShown)
      entry(fmt::format("and {} more, see the structured report", f_.flags.size() - kShown), kWarn);
    return y - 3;
  }

  double method(double x, double y) {
    y = title(x, y, "METHOD") + 5;
    const std::string text = fmt::format(
        "A convolutional network labels each voxel of the head; a volume is the number of its voxels times their size, "
        "partial volume is not modelled. L – R is the difference of the sides over their mean. ICV is the space inside "
        "the skull as the same network sees it. Structures follow FreeSurfer's definitions.\n{}.",
        join({f_.pipeline + " " + f_.version, f_.weights.empty() ? "" : "weights " + f_.weights}, ", "));
    return y + c_.paragraph(x, y, kSide, text, kSmall);
  }

  void limits(double x, double y) {
    constexpr double kNeeded = 90;
    if (y + kNeeded > kFoot) return;  // many flags: they matter more
    y = title(x, y, "LIMITS") + 5;
    c_.paragraph(
        x, y, kSide,
        "Movement, lesions, tumours, surgery, thick slices and contrast agent can make volumes wrong without a "
        "flag. Other scanners and other methods give other volumes: compare only what the same version measured "
        "on images of the same kind.",
        kSmall);
  }

  Canvas& c_;
  const Findings& f_;
  const Scene& scene_;
};

/// Without a date of its own the page has its study's, so that it is the same page in every run.
std::string creation_date(const Findings& f) {
  const auto& day = f.acquisition.study_date;
  if (!f.made.empty() || date_words(day) == day) return f.made;
  return fmt::format("{}-{}-{}T00:00:00", day.substr(0, 4), day.substr(4, 2), day.substr(6));
}

}  // namespace

Result<std::string> page_pdf(const Findings& findings, const Scene& scene) {
  const auto canvas = Canvas::pdf(kWidth, kHeight, "Brain volumes", creation_date(findings));
  Page(*canvas, findings, scene).draw();
  const int pages = pages_of(findings);
  if (has_change(findings)) {
    canvas->next_page();
    draw_since(*canvas, findings, scene, 2, pages);
  }
  if (has_norms(findings)) {
    canvas->next_page();
    draw_norms(*canvas, findings, pages, pages);
  }
  return canvas->finish_pdf();
}

Result<Picture> page_picture(const Findings& findings, const Scene& scene, double dots_per_inch) {
  const auto canvas = Canvas::pixels(kWidth, kHeight, dots_per_inch / 72, kWhite);
  Page(*canvas, findings, scene).draw();
  return canvas->finish_picture();
}

}  // namespace larmor::report
