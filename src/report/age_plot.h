#pragma once
/// For the .cpp files of this folder: the frame of a chart over age, with a person on it.
#include "report/canvas.h"

namespace larmor::report {

class AgePlot {
 public:
  struct Place {
    double left = 0, top = 0, right = 0, bottom = 0;  ///< of the axes; what is written at them lies outside
  };
  /// The values are widened to whole steps of the axis.
  AgePlot(Canvas&, const Place&, const std::vector<double>& ages, double lowest, double highest);

  double x(double age) const;
  double y(double value) const;
  /// One value an age.
  std::vector<Spot> curve(const std::vector<double>& values) const;
  void band(const std::vector<double>& low, const std::vector<double>& high, Ink);
  void axes();
  /// A dot at `value` with the range that the method leaves.
  void person(double age, double value, double low, double high);

 private:
  Canvas& c_;
  Place at_;
  const std::vector<double>& ages_;
  double lowest_, highest_, step_;
};

}  // namespace larmor::report
