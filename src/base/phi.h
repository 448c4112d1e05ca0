#pragma once
/// Protected health information: has no formatter, so it cannot slip into a log; it leaves only through reveal().
#include <compare>
#include <utility>

namespace larmor {

template <class T>
class Phi {
 public:
  Phi() = default;
  explicit Phi(T value) : value_(std::move(value)) {}
  /// The only way out: every use of patient data can be found by searching for this word.
  const T& reveal() const { return value_; }
  auto operator<=>(const Phi&) const = default;

 private:
  T value_{};
};

}  // namespace larmor
