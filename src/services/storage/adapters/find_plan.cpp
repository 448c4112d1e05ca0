#include "services/storage/adapters/find_plan.h"

namespace larmor::storage {
namespace {

using dicom::Level;
using dicom::Tag;

constexpr Tag kModalitiesInStudy = 0x00080061, kModality = 0x00080060, kStudyDate = 0x00080020,
              kPatientName = 0x00100010;
constexpr std::size_t kMostTriples = 12;

std::string joined(Level level, std::string first) {
  if (level >= Level::series) first += " CROSS JOIN series s ON s.study = t.id";
  if (level >= Level::instance) first += " CROSS JOIN instance i ON i.series = s.id";
  return first;
}

std::string among(std::string_view column, std::size_t count) {
  std::string text = fmt::format("{} IN (?", column);
  for (std::size_t i = 1; i < count; ++i) text += ", ?";
  return text + ")";
}

/// Attributes that lead straight to their rows, most precise first.
struct Straight {
  Tag tag;
  Level least;
  std::string_view column, from;  ///< `from` empty: the study
};
constexpr std::array kStraight = {
    Straight{0x00080018, Level::instance, "i.uid",
             "instance i CROSS JOIN series s ON s.id = i.series CROSS JOIN study t ON t.id = s.study"},
    Straight{0x0020000D, Level::study, "t.uid", ""},
    Straight{0x0020000E, Level::series, "s.uid", "series s CROSS JOIN study t ON t.id = s.study"},
    Straight{0x00080050, Level::study, "t.accession", ""},
    Straight{0x00100020, Level::study, "t.patient_id", ""},
};

const Condition* of(const FindPlan& plan, Tag tag) {
  for (const auto& c : plan.conditions)
    if (c.attribute->tag == tag && c.attribute->inside == 0) return &c;
  return nullptr;
}

bool go_straight(Level level, FindPlan& plan) {
  for (const auto& row : kStraight) {
    const auto* asked = of(plan, row.tag);
    if (!asked || level < row.least || asked->matcher.wildcards()) continue;
    plan.from = row.from.empty() ? joined(level, "study t") : std::string(row.from);
    if (row.tag == 0x0020000E && level == Level::instance) plan.from += " CROSS JOIN instance i ON i.series = s.id";
    plan.where = among(row.column, asked->matcher.values().size());
    plan.values = asked->matcher.values();
    return true;
  }
  return false;
}

/// FTS5's expression for all runs of three letters that a name must have; empty where there are none.
std::string triples(std::string_view pattern) {
  std::string match;
  std::vector<std::string_view> letters;
  std::size_t count = 0;
  for (std::size_t at = 0; at < pattern.size() && count < kMostTriples;) {
    std::size_t size = 1;
    while (at + size < pattern.size() && (static_cast<unsigned char>(pattern[at + size]) & 0xC0) == 0x80) ++size;
    const auto letter = pattern.substr(at, size);
    at += size;
    if (letter == "*" || letter == "?") {
      letters.clear();
      continue;
    }
    letters.push_back(letter);
    if (letters.size() < 3) continue;
    const auto* begin = letters[letters.size() - 3].data();
    std::string triple(begin, static_cast<std::size_t>(letter.data() + letter.size() - begin));
    if (triple.find('"') != std::string::npos) continue;
    match += fmt::format("{}\"{}\"", count++ ? " AND " : "", triple);
  }
  return match;
}

/// Words of a fuzzy name, each as the beginning of a word.
std::string beginnings(const std::vector<std::string>& words) {
  std::string match;
  for (auto word : words) {
    std::erase(word, '"');
    match += fmt::format("{}patient_name : \"{}\" *", match.empty() ? "" : " AND ", word);
  }
  return match;
}

bool go_by_name(const dicom::Query& query, FindPlan& plan) {
  const auto* asked = of(plan, kPatientName);
  if (!asked || asked->matcher.values().empty()) return false;
  const auto& values = asked->matcher.values();
  const std::string table = query.fuzzy ? "study_text" : "study_name";
  std::string match = query.fuzzy ? beginnings(values) : "";
  for (const auto& value : values) {
    if (query.fuzzy) break;
    const auto one = triples(value);
    if (one.empty()) return false;  // too few letters to look up
    match += fmt::format("{}({})", match.empty() ? "" : " OR ", one);
  }
  plan.from = joined(query.level, fmt::format("{0} CROSS JOIN study t ON t.id = {0}.rowid", table));
  plan.where = table + " MATCH ?";
  plan.values = {match};
  plan.order = Order::arrival;
  plan.id = table + ".rowid";
  return true;
}

/// The days that one range leaves over.
void narrow(const FindPlan& base, std::string_view column, FindPlan& plan) {
  const auto* asked = of(base, kStudyDate);
  if (!asked || asked->matcher.ranges().size() != 1) return;
  const auto& range = asked->matcher.ranges().front();
  const auto add = [&](std::string_view sign, const std::string& value) {
    if (value.empty()) return;
    plan.where += fmt::format("{}{} {} ?", plan.where.empty() ? "" : " AND ", column, sign);
    plan.values.push_back(value);
  };
  if (range.from.empty()) add(">", "0");  // a study without a date is in no range
  add(">=", range.from);
  add("<=", range.to);
}

void go_by_date(const dicom::Query& query, FindPlan& plan) {
  const auto* modality = of(plan, kModalitiesInStudy);
  if (!modality && query.level >= Level::series) modality = of(plan, kModality);
  const bool one = modality && modality->matcher.values().size() == 1 && !modality->matcher.wildcards();
  if (one) {
    plan.from = joined(query.level, "study_modality m CROSS JOIN study t ON t.id = m.study");
    plan.where = "m.modality = ?";
    plan.values = modality->matcher.values();
    plan.day = "m.day";
    plan.id = "m.study";
  } else {
    plan.from = joined(query.level, "study t INDEXED BY study_day");
  }
  narrow(plan, plan.day, plan);
  const auto* date = of(plan, kStudyDate);
  const std::size_t said = (one ? 1 : 0) + (date && date->matcher.ranges().size() == 1 ? 1 : 0);
  if (query.level == Level::study && plan.conditions.size() == said)
    plan.skip = one ? "study_modality m" : "study t INDEXED BY study_day";
}

}  // namespace

Result<FindPlan> plan(const dicom::Query& query) {
  FindPlan plan;
  for (const auto& key : query.keys) {
    const auto* attribute = dicom::find_attribute(key.sequence, key.tag);
    if (!attribute || attribute->level > query.level)
      return fail_with(
          {Code::invalid,
           fmt::format("{} cannot be asked for at the level of the {}",
                       attribute ? std::string(attribute->keyword) : dicom::hex(key.tag), name(query.level)),
           "docs/conformance lists the attributes of each level.",
           attribute ? std::string(attribute->keyword) : dicom::hex(key.tag)});
    auto matcher = TRY(dicom::Matcher::make(*attribute, key.value, query.fuzzy));
    if (!matcher.universal()) plan.conditions.push_back({attribute, std::move(matcher)});
  }
  if (!go_straight(query.level, plan) && !go_by_name(query, plan)) go_by_date(query, plan);
  return plan;
}

}  // namespace larmor::storage
