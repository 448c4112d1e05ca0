#pragma once
/// A question by the information model (PS3.4 C.6, PS3.18 10.6), and its answer. Plain values: who asks (QIDO-RS,
/// C-FIND) fills them, the index answers.
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "dicom/query/attributes.h"

namespace larmor::dicom {

constexpr int kMostFound = 1000;  ///< sets of attributes a page

struct Key {
  Tag tag = 0;
  Tag sequence = 0;   ///< in whose items it stands; 0: at the top
  std::string value;  ///< UTF-8; several joined by a backslash; empty: everything matches
};

struct Query {
  Level level = Level::study;
  std::vector<Key> keys;
  std::vector<Tag> include;  ///< returned beside what is returned unasked
  bool all = false;          ///< return everything that is known
  bool fuzzy = false;        ///< names by the beginnings of their words
  bool combined = false;     ///< ranges of a date and its time are one range (PS3.4 C.2.2.2.5.3)
  std::int64_t offset = 0;   ///< skip so many
  int limit = 100;           ///< 1 to kMostFound
  std::string after;         ///< `next` of the page before, instead of an offset: costs nothing however deep
  std::string root;          ///< address of the DICOMweb service as the caller knows it: each answer says where it is
                             ///< (0008,1190); empty: it does not
};

/// Newest study date first, or newest arrival first when a name is asked for; the same order on every page.
struct FoundPage {
  std::vector<std::string> items;  ///< attribute sets as the text of DICOM JSON (PS3.18 F.2), tags ascending
  std::string next;                ///< empty: these were the last
};

/// What the question asks of that attribute; nullptr for nothing.
const Key* key_of(const Query&, Tag);

Json to_json(const Query&);
Result<Query> query_from_json(const Json&);

}  // namespace larmor::dicom
