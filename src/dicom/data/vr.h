#pragma once
/// Value representations: in which form each holds its values (PS3.5 section 6.2), and which one an attribute has
/// (PS3.6).
///
/// Thread safe; the dictionary is DCMTK's own.
#include <string>
#include <string_view>

#include "dicom/data/scan.h"

namespace larmor::dicom {

enum class Form {
  strings,
  text,
  person,
  whole,
  decimal,
  tags,
  uint16,
  int16,
  uint32,
  int32,
  uint64,
  int64,
  real32,
  real64,
  binary,
  items
};

struct Vr {
  std::string_view name;
  Form form;
  bool long_head = false;  ///< PS3.5 table 7.1-1: two reserved bytes and 32 bits of length
};

/// Null for letters that are none.
const Vr* find_vr(std::string_view name);
/// Of an attribute, a private one by its creator; null where the dictionary leaves a choice.
const Vr* dictionary_vr(Tag, const std::string& creator);
/// Its values may be in the object's own character set (PS3.5 section 6.1.2.3).
bool in_own_charset(const Vr&);

}  // namespace larmor::dicom
