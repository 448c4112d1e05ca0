#pragma once
/// For the .cpp files of this folder: what all pages of the report share. Points, A4.
#include "report/canvas.h"

namespace larmor::report {

inline constexpr double kWidth = 595.276, kHeight = 841.89;
inline constexpr double kLeft = 42, kRight = kWidth - 42, kText = kRight - kLeft;
inline constexpr double kFoot = kHeight - 56;

inline constexpr Type kLabel{.size = 6.2, .weight = 500, .ink = kFaint, .spacing = 0.25};
inline constexpr Type kSmall{.size = 6.7, .ink = kDim, .leading = 1.42};
inline constexpr Type kCell{.size = 8.1};
inline constexpr Type kNumber{.size = 8.1, .align = Align::right};

/// Where a page begins: a remark that cannot be missed, the title, what it is about. Returns where the rest may begin.
double draw_head(Canvas&, const Findings&, std::string_view title, std::string_view about);
/// Where the page ends: what Larmor is not, when the page was made, its number.
void draw_foot(Canvas&, const Findings&, int page, int pages);
/// "Since the scan of 2 Mar 2025".
std::string since_words(const Since&);
/// The page about an earlier scan that was compared. There must be `Findings::since` with rows.
void draw_since(Canvas&, const Findings&, const Scene&, int page, int pages);
/// The colours of a change with their percents, 16 points high.
void draw_change_bar(Canvas&, double x, double y, double width, Ink);
/// The last page: a table of centiles and charts of the norm. There must be `Findings::norms` with rows.
void draw_norms(Canvas&, const Findings&, int page, int pages);

}  // namespace larmor::report
