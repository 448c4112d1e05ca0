#pragma once
/// For the .cpp files of this folder: what both sheets of the report share, and the parts that they are put together
/// from. Points, A4. A part is drawn from the top y downwards and returns where the next may begin.
#include "report/canvas.h"

namespace larmor::report {

inline constexpr double kWidth = 595.276, kHeight = 841.89;
inline constexpr double kLeft = 42, kRight = kWidth - 42, kText = kRight - kLeft;
inline constexpr double kFoot = kHeight - 56;
inline constexpr double kTwoSided =
    1.96;  ///< standard deviations on either side that hold 95 % of a normal distribution

inline constexpr Type kLabel{.size = 6.2, .weight = 500, .ink = kFaint, .spacing = 0.25};
inline constexpr Type kSmall{.size = 6.7, .ink = kDim, .leading = 1.42};
inline constexpr Type kCell{.size = 8.1};
inline constexpr Type kNumber{.size = 8.1, .align = Align::right};

/// Without anybody to compare with, and without a comparable earlier scan, there is nothing to draw of either.
bool has_norms(const Findings&);
bool has_indices(const Findings&);
bool has_change(const Findings&);
/// What a reader must know before a number is relied on: the flags, and the warnings about an earlier scan; sentences.
std::vector<std::string> cautions_of(const Findings&);
/// With a capital and cut to so many bytes: flags come as parts of sentences.
std::string as_sentence(std::string text, std::size_t longest);
/// "Since the scan of 2 Mar 2025".
std::string since_words(const Since&);

/// Where a page begins: a remark that cannot be missed, the title, what it is about.
double draw_head(Canvas&, const Findings&, std::string_view title, std::string_view about);
/// Where the page ends: what Larmor is not, when the page was made, its number.
void draw_foot(Canvas&, const Findings&, int page);
/// A label above its value; a dash for what is not known.
void draw_fact(Canvas&, double x, double y, double width, std::string_view label, const std::string& value);
/// A heading under a rule; returns its baseline.
double draw_title(Canvas&, double x, double y, double width, std::string_view text);
/// How many cautions the first page has room for.
std::size_t cautions_on_first(const Findings&);
/// Cautions behind dots from number `from` on: 0 for the first page's; none below `bottom`. Then how many are left out.
double draw_cautions(Canvas&, const Findings&, double x, double y, double width, std::size_t from, double bottom);
/// Indices over the structures, and the second norm's opinion. There must be `Findings::norms` with indices.
double draw_indices(Canvas&, const Norms&, double x, double y, double width);

struct Extent {
  double width = 0, height = 0;
};
enum class Over { outlines, change, nothing };
/// An axial, a coronal and a sagittal cut of one scale and one height, so that sizes can be compared across them: with
/// outlines, under the change since an earlier scan, or bare. The first is marked with `letter`.
Extent draw_cuts(Canvas&, const Scene&, Over, double x, double y, Extent most, char letter);
/// The colours of a change with their percents, 16 points high.
void draw_change_bar(Canvas&, double x, double y, double width, Ink);

/// What changed, structure by structure, with error bars. There must be `Since::rows`.
double draw_change_table(Canvas&, const Since&, double y);
/// The brain's change a year over age, with the person on it.
void draw_ageing(Canvas&, const NormalAgeing&, char letter, double left, double top, Extent);
/// The norm over age with the person on it, side by side, and the caption below.
double draw_norm_charts(Canvas&, const Norms&, double y, double tall);
/// Volumes with centiles; there must be `Findings::norms` with rows. And volumes alone.
double draw_norm_table(Canvas&, const Findings&, double y);
double draw_volume_table(Canvas&, const Findings&, double y);

/// The two pages of every report.
void draw_findings(Canvas&, const Findings&, const Scene&);
void draw_details(Canvas&, const Findings&);

}  // namespace larmor::report
