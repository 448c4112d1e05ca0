#include "base/text.h"
#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr double kGap = 20, kColumn = (kText - kGap) / 2;

/// The second page: every figure, how it was measured, and what it cannot say.
class DetailsPage {
 public:
  DetailsPage(Canvas& canvas, const Findings& findings) : c_(canvas), f_(findings) {}

  void draw() {
    const auto& who = f_.subject.reveal();
    double y = draw_head(c_, f_, has_norms(f_) ? "Compared with healthy adults" : "Volumes by structure",
                         who.id.empty() ? "Brain volumes" : readable_name(who.name) + ", " + who.id);
    if (has_change(f_)) y = scans(y + 13);
    y = has_norms(f_) ? draw_norm_table(c_, f_, y + 12) : draw_volume_table(c_, f_, y + 12);
    left(y + 14);
    right(y + 14);
    draw_foot(c_, f_, 2);
  }

 private:
  /// Both scans one above the other, so that another protocol is seen.
  double scans(double y) {
    const std::array<double, 4> x{kLeft, kLeft + 92, kLeft + 192, kLeft + 340};
    for (const auto& [name, a] :
         {std::pair{"EARLIER SCAN", &f_.since->prior}, std::pair{"THIS SCAN", &f_.acquisition}}) {
      draw_fact(c_, x[0], y, 84, name, a->study_date.empty() ? "date not known" : date_words(a->study_date));
      draw_fact(c_, x[1], y, 92, "SERIES", a->series_description);
      draw_fact(c_, x[2], y, 140, "SCANNER", a->scanner);
      draw_fact(c_, x[3], y, kRight - x[3], "VOXELS", a->voxels);
      y += 25;
    }
    return y - 14;
  }

  double words(double x, double y, std::string_view title, const std::string& text) {
    y = draw_title(c_, x, y, kColumn, title) + 4;
    return y + c_.paragraph(x, y, kColumn, text, kSmall) + 12;
  }

  void left(double y) {
    if (has_change(f_) && has_indices(f_)) y = draw_indices(c_, *f_.norms, kLeft, y, kColumn) + 11;
    y = words(kLeft, y, "VOLUMES", volumes_text());
    if (has_norms(f_) || has_change(f_)) y = limits(kLeft, y);
    cautions(y);
  }

  double limits(double x, double y) {
    return words(
        x, y, "LIMITS",
        "Movement, lesions, tumours, surgery, thick slices and contrast agent can make volumes wrong without a "
        "flag. Other scanners and other methods give other volumes: compare only what the same version measured "
        "on images of the same kind.");
  }

  void cautions(double y) {
    constexpr double kLeast = 70;  // a title and one of them
    const auto told = cautions_on_first(f_);
    if (told == cautions_of(f_).size() || y + kLeast > kFoot) return;
    y = draw_title(c_, kLeft, y, kColumn, "QUALITY, CONTINUED") + 5;
    draw_cautions(c_, f_, kLeft, y, kColumn, told, kFoot);
  }

  void right(double y) {
    const double x = kRight - kColumn;
    if (!has_norms(f_) && !has_change(f_)) limits(x, y);
    if (has_norms(f_)) y = words(x, y, "CENTILES", centiles_text());
    if (has_change(f_)) words(x, y, "CHANGE", f_.since->method);
  }

  std::string volumes_text() const {
    return fmt::format(
        "A convolutional network labels each voxel of the head; a volume is the number of its voxels times their size, "
        "partial volume is not modelled. L – R is the difference of the sides over their mean. The intracranial volume "
        "(ICV) is the space inside the skull as the same network sees it. Structures follow FreeSurfer's definitions. "
        "{} {}{}.",
        f_.pipeline, f_.version, f_.weights.empty() ? "" : ", weights " + f_.weights);
  }

  std::string centiles_text() const {
    std::string out = f_.norms->method;
    for (const auto& note : f_.norms->notes) out += " Note: " + note + ".";
    if (!f_.flags.empty()) out += " Quality flags were raised: read them before you read a centile.";
    return out +
           " Strips show three standard deviations each way, centiles in brackets the range of one standard error. A "
           "centile is a place among healthy people, not a diagnosis: of healthy people, 5 in 100 lie below the 5th.";
  }

  Canvas& c_;
  const Findings& f_;
};

}  // namespace

void draw_details(Canvas& canvas, const Findings& findings) {
  DetailsPage(canvas, findings).draw();
}

}  // namespace larmor::report
