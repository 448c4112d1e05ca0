#pragma once
/// The attributes that can be asked for: of which level each is, how it is matched, and whether it is returned unasked.
///
/// One table for the index, QIDO-RS, C-FIND and the conformance statement. Sources: PS3.4 tables C.6-1 to C.6-5, PS3.18
/// tables 10.6.1-2 to 10.6.1-5 and 10.6.3-3 to 10.6.3-5. Pure; any thread.
#include <span>
#include <string_view>

#include "dicom/data/scan.h"

namespace larmor::dicom {

/// From the top: each level's answers also hold what the levels above say, as far as it was asked for.
enum class Level { study, series, instance };
std::string_view name(Level);  ///< "study", "series", "instance"

/// PS3.4 C.2.2.2. A universal match (an empty value) is possible with every one but `none`.
enum class Matching {
  none,      ///< only returned
  uids,      ///< one UID or a list of them
  text,      ///< single value, or wildcards; letters as they are written
  name,      ///< the same without regard to case and accents; fuzzy: beginnings of words in any order
  date,      ///< one day or a range
  time,      ///< one time, as exact as it was given, or a range
  number,    ///< single value
  sequence,  ///< the attributes inside its items
};
std::string_view name(Matching);

struct Attribute {
  Tag tag;
  std::string_view keyword, vr;
  Level level;
  Matching matching;
  bool unasked;    ///< returned without includefield
  Tag inside = 0;  ///< the sequence in whose items it stands
};

/// Ascending by tag within each level.
std::span<const Attribute> attributes();
/// Of the top level of the data set; nullptr where it is none of ours.
const Attribute* find_attribute(Tag);
/// The attribute `tag` in the items of `sequence`.
const Attribute* find_attribute(Tag sequence, Tag tag);
/// By keyword or eight hexadecimal digits.
const Attribute* find_attribute(std::string_view name, Tag sequence = 0);

/// "00100010"
std::string hex(Tag);

}  // namespace larmor::dicom
