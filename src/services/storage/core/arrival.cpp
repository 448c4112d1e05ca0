#include "services/storage/core/arrival.h"

namespace larmor::storage {
namespace {

Json words_of(const Firsts& firsts) {
  Json words = Json::array();
  if (firsts.patient) words.push_back("patient");
  if (firsts.study) words.push_back("study");
  if (firsts.series) words.push_back("series");
  return words;
}

}  // namespace

events::NewEvent event_of(const Arrival& arrival, const Firsts& firsts) {
  const auto& row = arrival.what.instance;
  const std::string_view kind = arrival.kept == Kept::stored      ? "stored"
                                : arrival.kept == Kept::duplicate ? "duplicate"
                                                                  : "conflict";
  events::NewEvent event;
  event.type = fmt::format("instance.{}", kind);
  event.service = "storage";
  event.study = row.study;
  event.key = arrival.place.pack == 0 ? arrival.repeat_key
                                      : fmt::format("{}/{}/{}", kind, arrival.place.pack, arrival.place.offset);
  event.fields = {{"series", row.series},
                  {"instance", row.instance},
                  {"sop_class", row.sop_class},
                  {"modality", arrival.what.modality},
                  {"way", arrival.origin.way},
                  {"sender", arrival.origin.sender},
                  {"address", arrival.origin.address},
                  {"association", arrival.origin.association},
                  {"size", row.size},
                  {"number", row.number}};
  if (arrival.kept == Kept::conflict) event.fields["kept_as"] = arrival.kept_as;
  if (arrival.kept == Kept::stored) {
    event.fields["frames"] = row.frames;
    if (firsts.series) event.fields["first_of"] = words_of(firsts);
    if (arrival.what.position_mm) event.fields["position_mm"] = *arrival.what.position_mm;
    if (!arrival.what.orientation.empty()) event.fields["orientation"] = arrival.what.orientation;
  }
  return event;
}

}  // namespace larmor::storage
