#pragma once
/// Does a stored value match what was asked (PS3.4 C.2.2.2)? Pure; any thread.
///
/// Failures: `invalid`, with the attribute's keyword as the field, for a value that can be no value of the attribute.
#include <string>
#include <vector>

#include "base/result.h"
#include "dicom/query/attributes.h"

namespace larmor::dicom {

/// Letters without case and accents, for comparing names (Unicode case folding and decomposition, UAX 15).
std::string fold(std::string_view utf8);

/// Inclusive bounds as they sort; an empty one is open. A TM is written out to the microsecond.
struct Range {
  std::string from, to;
  bool one = false;  ///< a single value, no range
};

class Matcher {
 public:
  /// `value` in UTF-8; several are joined by a backslash and any of them may match.
  static Result<Matcher> make(const Attribute&, const std::string& value, bool fuzzy = false);

  /// `stored`: in UTF-8, several joined by a backslash; one of them has to match.
  bool matches(std::string_view stored) const;
  /// Nothing is asked: an empty value, or only asterisks.
  bool universal() const { return universal_; }
  bool wildcards() const { return wildcards_; }
  /// The values that are asked for; of a name folded, of fuzzy matching its words.
  const std::vector<std::string>& values() const { return values_; }
  /// Of a date or time.
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  explicit Matcher(const Attribute& attribute, bool fuzzy)
      : matching_(attribute.matching), fuzzy_(fuzzy && attribute.matching == Matching::name) {}
  bool matches_one(std::string_view stored) const;
  bool matches_name(std::string_view stored) const;

  Matching matching_;
  bool fuzzy_;
  bool universal_ = false, wildcards_ = false;
  std::vector<std::string> values_;
  std::vector<Range> ranges_;
};

/// `time` as twelve digits to the microsecond, filled up with `fill` ('0' for a beginning, '9' for an end); empty where
/// it is no TM (PS3.5 6.2). Colons of old writers are left out.
std::string whole_time(std::string_view time, char fill);

}  // namespace larmor::dicom
