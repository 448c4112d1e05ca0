#include "services/workflow/adapters/gather.h"

#include <set>

namespace larmor::workflow {
namespace {

constexpr auto kPatience = 30s;

Result<std::set<SeriesUid>> made_here(events::EventLog& log, const StudyUid& study) {
  std::set<SeriesUid> series;
  events::Query query{.after = 0, .limit = 5000, .study = study, .types = {"instance.stored"}};
  for (;;) {
    const auto page = TRY(log.read(query, Call::within(kPatience)));
    for (const auto& event : page.events)
      if (event.fields.value("way", "") == "result") series.emplace(event.fields.value("series", ""));
    if (static_cast<int>(page.events.size()) < query.limit) return series;
    query.after = page.events.back().seq;
  }
}

Result<std::vector<storage::SeriesRow>> series_as_sent(const Sources& from, const StudyUid& study) {
  auto rows = TRY(from.storage.series(study, Call::within(kPatience)));
  const auto own = TRY(made_here(from.log, study));  // after the rows: each row's event is in the log by then
  std::erase_if(rows, [&](const storage::SeriesRow& row) { return own.contains(row.series); });
  return rows;
}

/// What the index has of an attribute; nothing where only the object knows.
std::optional<std::string> indexed(const std::string& keyword, const storage::StudyRow& study,
                                   const storage::SeriesRow& row) {
  const std::map<std::string_view, std::string> known = {{"Modality", row.modality},
                                                         {"SeriesDescription", row.description},
                                                         {"BodyPartExamined", row.body_part},
                                                         {"ProtocolName", row.protocol},
                                                         {"Manufacturer", row.manufacturer},
                                                         {"ManufacturerModelName", row.model},
                                                         {"StudyDescription", study.description},
                                                         {"PatientSex", study.sex},
                                                         {"PatientAge", study.age}};
  const auto at = known.find(keyword);
  return at == known.end() ? std::nullopt : std::optional(at->second);
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return value.value("Alphabetic", "");  // PN, PS3.18 F.2.2
  return value.is_number() ? value.dump() : "";
}

/// PS3.18 F.2: {"00180081": {"vr": "DS", "Value": [2.98]}}
Values from_header(const Json& header, std::uint32_t tag) {
  Values values;
  const auto key = fmt::format("{:08X}", tag);
  if (!header.is_object() || !header.contains(key) || !header[key].contains("Value")) return values;
  for (const auto& value : header[key]["Value"])
    if (auto text = text_of(value); !text.empty()) values.push_back(std::move(text));
  return values;
}

std::string name_of(const storage::SeriesRow& row, std::size_t position) {
  return row.number > 0 ? fmt::format("series {}", row.number) : fmt::format("unnumbered series {}", position + 1);
}

Result<SeriesFacts> facts_of(const Sources& from, const storage::StudyRow& study, const storage::SeriesRow& row,
                             std::size_t position, std::span<const Subject> subjects) {
  SeriesFacts facts{name_of(row, position), row.instances, {}};
  std::optional<Json> header;
  for (const auto& subject : subjects) {
    if (facts.attributes.contains(subject.name)) continue;
    auto& values = facts.attributes[subject.name];
    if (const auto text = indexed(subject.name, study, row)) {
      if (!text->empty()) values.push_back(*text);
      continue;
    }
    if (!header) header = TRY(from.storage.header(row.first, Call::within(kPatience)));
    values = from_header(*header, subject.tag);
  }
  return facts;
}

}  // namespace

Result<Facts> gather(const Sources& from, const StudyUid& study, std::span<const Subject> subjects) {
  const auto about = TRY(from.storage.study(study, Call::within(kPatience)));
  Facts facts;
  const auto rows = TRY(series_as_sent(from, study));
  for (std::size_t i = 0; i < rows.size(); ++i)
    facts.series.push_back(TRY(facts_of(from, about, rows[i], i, subjects)));
  return facts;
}

Result<std::vector<SopUid>> instances_of(const Sources& from, const StudyUid& study) {
  std::vector<SopUid> all;
  for (const auto& series : TRY(series_as_sent(from, study)))
    for (const auto& row : TRY(storage::all_instances(from.storage, study, series.series, Call::within(kPatience))))
      all.push_back(row.instance);
  return all;
}

}  // namespace larmor::workflow
