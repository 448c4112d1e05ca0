#pragma once
/// The table of volumes: which structures stand in which group, and what is worked out from them. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace larmor::report {

struct TableRow {
  std::string name;                   ///< "Hippocampus"
  int structure = 0;                  ///< one that has the row's colour
  std::optional<double> left, right;  ///< ml; neither on the midline
  double total = 0;                   ///< ml
  std::optional<double> percent;      ///< of the intracranial volume
  std::optional<double> asymmetry;    ///< 100 (L - R) / mean(L, R); positive: the left is larger
};

struct TableGroup {
  std::string_view title;
  std::vector<TableRow> rows;
};

struct Sums {
  double brain = 0;  ///< without ventricles and CSF
  double ventricles = 0;
  double hippocampi = 0;
};

/// Structures without a volume have no row; groups without rows are left out.
std::vector<TableGroup> tabulate(const Findings&);
Sums add_up(const Findings&);

/// "31 Dec 2019" of 20191231; what is no date is shown as it is.
std::string date_words(const std::string& dicom);
/// With its first letter, if that is ASCII, as a capital.
std::string capitalised(std::string_view);
/// "+3.1", "−3.1" with a real minus sign, which is as wide as the plus.
std::string signed_number(double, int decimals);
/// "12.3", with as many decimals as three significant figures need, at most 2.
std::string three_figures(double);

}  // namespace larmor::report
