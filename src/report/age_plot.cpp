#include "report/age_plot.h"

#include <cmath>

#include "report/table.h"

namespace larmor::report {
namespace {

/// A step of 1, 2 or 5 times a power of ten that divides `range` into about `parts`.
double step_of(double range, int parts) {
  const double rough = range / parts, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

}  // namespace

AgePlot::AgePlot(Canvas& canvas, const Place& at, const std::vector<double>& ages, double lowest, double highest)
    : c_(canvas), at_(at), ages_(ages), step_(step_of(highest - lowest, 4)) {
  lowest_ = std::floor(lowest / step_) * step_;
  highest_ = std::ceil(highest / step_) * step_;
}

double AgePlot::x(double age) const {
  return at_.left + (age - ages_.front()) / (ages_.back() - ages_.front()) * (at_.right - at_.left);
}

double AgePlot::y(double value) const {
  return at_.bottom - (value - lowest_) / (highest_ - lowest_) * (at_.bottom - at_.top);
}

std::vector<Spot> AgePlot::curve(const std::vector<double>& values) const {
  std::vector<Spot> out;
  for (std::size_t i = 0; i < ages_.size(); ++i) out.push_back({x(ages_[i]), y(values[i])});
  return out;
}

void AgePlot::band(const std::vector<double>& low, const std::vector<double>& high, Ink ink) {
  auto loop = curve(low), back = curve(high);
  loop.insert(loop.end(), back.rbegin(), back.rend());
  c_.area(loop, ink);
}

void AgePlot::axes() {
  constexpr double kTick = 2.5;
  Type type{.size = 5.8, .ink = kDim, .align = Align::right};
  c_.rule(at_.left, at_.top, at_.left, at_.bottom, kInk);
  c_.rule(at_.left, at_.bottom, at_.right, at_.bottom, kInk);
  const int decimals = step_ < 0.095 ? 2 : step_ < 0.95 ? 1 : 0;
  for (double v = lowest_; v <= highest_ + step_ / 2; v += step_) {
    c_.rule(at_.left - kTick, y(v), at_.left, y(v), kInk);
    const bool zero = std::abs(v) < step_ / 2;
    if (zero && lowest_ < 0) c_.rule(at_.left, y(v), at_.right, y(v), kInk, 0.35);
    c_.line(at_.left - kTick - 2, y(v) + 2,
            lowest_ < 0 && !zero ? signed_number(v, decimals) : fmt::format("{:.{}f}", zero ? 0.0 : v, decimals), type);
  }
  const int every = at_.right - at_.left < 90 ? 40 : 20;  // years
  for (int age = every; age <= ages_.back(); age += every) {
    const bool last = age + every > ages_.back();
    type.align = last ? Align::right : Align::centre;
    c_.rule(x(age), at_.bottom, x(age), at_.bottom + kTick, kInk);
    c_.line(x(age) + (last ? 12 : 0), at_.bottom + kTick + 6.5, fmt::format("{}{}", age, last ? " years" : ""), type);
  }
}

void AgePlot::person(double age, double value, double low, double high) {
  const double at = std::clamp(x(age), at_.left, at_.right);
  c_.rule(at, y(low), at, y(high), kWhite, 2.4);
  c_.rule(at, y(low), at, y(high), kInk, 0.9);
  for (const double end : {low, high}) c_.rule(at - 2.2, y(end), at + 2.2, y(end), kInk, 0.9);
  c_.dot(at, y(value), 3.6, kWhite);
  c_.dot(at, y(value), 2.7, kInk);
}

}  // namespace larmor::report
