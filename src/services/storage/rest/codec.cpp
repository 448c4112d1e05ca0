#include "services/storage/rest/codec.h"

#include "net/items.h"

namespace larmor::storage {
namespace {

constexpr std::array<std::pair<Kept, std::string_view>, 3> kKept = {
    {{Kept::stored, "stored"}, {Kept::duplicate, "duplicate"}, {Kept::conflict, "conflict"}}};

Result<std::string> text(const Json& json, const char* name) {
  return member_or<std::string>(json, name, "");
}

Result<Phi<std::string>> phi(const Json& json, const char* name) {
  return Phi(TRY(text(json, name)));
}

Result<Time> time(const Json& json, const char* name) {
  return from_rfc3339(TRY(member<std::string>(json, name)));
}

template <class Identifier>
Result<Identifier> id(const Json& json, const char* name) {
  return Identifier(TRY(member<std::string>(json, name)));
}

}  // namespace

std::string_view name(Kept kept) {
  for (const auto& [value, word] : kKept)
    if (value == kept) return word;
  return "stored";
}

Result<Kept> kept_from_name(std::string_view name) {
  for (const auto& [value, word] : kKept)
    if (word == name) return value;
  return fail_with({Code::invalid, fmt::format("'{}' is none of stored, duplicate, conflict", name), "", "/kept"});
}

Json to_json(const InstanceRow& r) {
  return {{"instance", r.instance}, {"sop_class", r.sop_class}, {"transfer_syntax", r.transfer_syntax},
          {"series", r.series},     {"study", r.study},         {"number", r.number},
          {"frames", r.frames},     {"size", r.size},           {"digest", r.digest}};
}

Json to_json(const SeriesRow& r) {
  return {{"series", r.series},       {"modality", r.modality}, {"description", r.description},
          {"body_part", r.body_part}, {"protocol", r.protocol}, {"manufacturer", r.manufacturer},
          {"model", r.model},         {"number", r.number},     {"instances", r.instances},
          {"first", r.first}};
}

Json to_json(const StudyRow& r) {
  return {{"study", r.study},
          {"patient_name", r.patient_name.reveal()},
          {"patient_id", r.patient_id.reveal()},
          {"birth_date", r.birth_date.reveal()},
          {"sex", r.sex},
          {"age", r.age},
          {"date", r.date},
          {"time", r.time},
          {"accession", r.accession.reveal()},
          {"description", r.description},
          {"modalities", r.modalities},
          {"series", r.series},
          {"instances", r.instances},
          {"bytes", r.bytes},
          {"first_stored", to_rfc3339(r.first_stored)},
          {"last_stored", to_rfc3339(r.last_stored)}};
}

Json to_json(const StudyPage& page) {
  Json items = Json::array();
  for (const auto& study : page.studies) items.push_back(to_json(study));
  return {{"items", std::move(items)}, {"next", page.next}};
}

Json to_json(const InstancePage& page) {
  Json items = Json::array();
  for (const auto& instance : page.instances) items.push_back(to_json(instance));
  return {{"items", std::move(items)}, {"next", page.next}};
}

Json to_json(const Receipt& r) {
  return {{"kept", name(r.kept)}, {"study", r.study}, {"series", r.series}, {"instance", r.instance}, {"size", r.size}};
}

Json to_json(const Health& h) {
  return {{"free_bytes", h.free_bytes}, {"kept_free_bytes", h.kept_free_bytes},
          {"studies", h.studies},       {"instances", h.instances},
          {"bytes", h.bytes},           {"accepting", h.accepting}};
}

std::string to_text(const dicom::FoundPage& page) {
  return fmt::format(R"({{"items":[{}],"next":{}}})", fmt::join(page.items, ","), Json(page.next).dump());
}

Result<InstanceRow> instance_from_json(const Json& j) {
  InstanceRow r;
  r.instance = TRY(id<SopUid>(j, "instance"));
  r.sop_class = SopClassUid(TRY(text(j, "sop_class")));
  r.transfer_syntax = TransferSyntaxUid(TRY(text(j, "transfer_syntax")));
  r.series = TRY(id<SeriesUid>(j, "series"));
  r.study = TRY(id<StudyUid>(j, "study"));
  r.number = TRY(member_or<std::int64_t>(j, "number", 0));
  r.frames = TRY(member_or<std::int64_t>(j, "frames", 1));
  r.size = TRY(member<std::uint64_t>(j, "size"));
  r.digest = TRY(text(j, "digest"));
  return r;
}

Result<SeriesRow> series_from_json(const Json& j) {
  SeriesRow r;
  r.series = TRY(id<SeriesUid>(j, "series"));
  r.modality = TRY(text(j, "modality"));
  r.description = TRY(text(j, "description"));
  r.body_part = TRY(text(j, "body_part"));
  r.protocol = TRY(text(j, "protocol"));
  r.manufacturer = TRY(text(j, "manufacturer"));
  r.model = TRY(text(j, "model"));
  r.number = TRY(member_or<std::int64_t>(j, "number", 0));
  r.instances = TRY(member<std::int64_t>(j, "instances"));
  r.first = SopUid(TRY(text(j, "first")));
  return r;
}

Result<StudyRow> study_from_json(const Json& j) {
  StudyRow r;
  r.study = TRY(id<StudyUid>(j, "study"));
  r.patient_name = TRY(phi(j, "patient_name"));
  r.patient_id = TRY(phi(j, "patient_id"));
  r.birth_date = TRY(phi(j, "birth_date"));
  r.sex = TRY(text(j, "sex"));
  r.age = TRY(text(j, "age"));
  r.date = TRY(text(j, "date"));
  r.time = TRY(text(j, "time"));
  r.accession = TRY(phi(j, "accession"));
  r.description = TRY(text(j, "description"));
  r.modalities = TRY(text(j, "modalities"));
  r.series = TRY(member<std::int64_t>(j, "series"));
  r.instances = TRY(member<std::int64_t>(j, "instances"));
  r.bytes = TRY(member<std::uint64_t>(j, "bytes"));
  r.first_stored = TRY(time(j, "first_stored"));
  r.last_stored = TRY(time(j, "last_stored"));
  return r;
}

Result<StudyPage> study_page_from_json(const Json& j) {
  StudyPage page;
  page.studies = TRY(net::items_of(j, study_from_json));
  page.next = TRY(text(j, "next"));
  return page;
}

Result<InstancePage> instance_page_from_json(const Json& j) {
  InstancePage page;
  page.instances = TRY(net::items_of(j, instance_from_json));
  page.next = TRY(text(j, "next"));
  return page;
}

Result<Receipt> receipt_from_json(const Json& j) {
  Receipt r;
  r.kept = TRY(kept_from_name(TRY(member<std::string>(j, "kept"))));
  r.study = TRY(id<StudyUid>(j, "study"));
  r.series = TRY(id<SeriesUid>(j, "series"));
  r.instance = TRY(id<SopUid>(j, "instance"));
  r.size = TRY(member<std::uint64_t>(j, "size"));
  return r;
}

Result<Health> health_from_json(const Json& j) {
  Health h;
  h.free_bytes = TRY(member<std::uint64_t>(j, "free_bytes"));
  h.kept_free_bytes = TRY(member<std::uint64_t>(j, "kept_free_bytes"));
  h.studies = TRY(member<std::int64_t>(j, "studies"));
  h.instances = TRY(member<std::int64_t>(j, "instances"));
  h.bytes = TRY(member<std::uint64_t>(j, "bytes"));
  h.accepting = TRY(member<bool>(j, "accepting"));
  return h;
}

Result<dicom::FoundPage> found_page_from_json(const Json& j) {
  dicom::FoundPage page;
  for (const auto& item : TRY(member<Json>(j, "items"))) page.items.push_back(item.dump());
  page.next = TRY(text(j, "next"));
  return page;
}

}  // namespace larmor::storage
