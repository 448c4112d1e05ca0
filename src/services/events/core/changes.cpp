#include "services/events/core/changes.h"

#include <algorithm>
#include <array>

#include "services/events/core/check.h"

namespace larmor::events {
namespace {

struct Row {
  std::string_view event;     ///< type of the event
  std::string_view first_of;  ///< the word that must stand in the event's `first_of`; empty: always
  std::string_view type, resource;
};

/// Orthanc tells the instance first, then what it is the first of, from the inside out.
constexpr std::array kRows = {
    Row{"instance.stored", "", "NewInstance", "Instance"}, Row{"instance.stored", "series", "NewSeries", "Series"},
    Row{"instance.stored", "study", "NewStudy", "Study"},  Row{"instance.stored", "patient", "NewPatient", "Patient"},
    Row{"series.complete", "", "StableSeries", "Series"},  Row{"study.complete", "", "StableStudy", "Study"},
};

std::string field(const Event& event, const char* name) {
  const auto found = event.fields.find(name);
  return found != event.fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_first_of(const Event& event, std::string_view what) {
  const auto found = event.fields.find("first_of");
  return found != event.fields.end() && found->is_array() &&
         std::find(found->begin(), found->end(), what) != found->end();
}

void place(const Event& event, Change& change) {
  const auto series = field(event, "series");
  if (change.resource == "Instance") {
    change.id = field(event, "instance");
    change.path = "/v1/instances/" + change.id;
  } else if (change.resource == "Series") {
    change.id = series;
    change.path = fmt::format("/v1/studies/{}/series/{}/instances", event.study, series);
  } else {
    change.id = event.study.str();
    change.path = "/v1/studies/" + change.id;
  }
}

}  // namespace

std::vector<std::string> change_types() {
  std::vector<std::string> types;
  for (const auto& row : kRows) types.emplace_back(row.type);
  return types;
}

std::vector<std::string> events_of_changes(const std::vector<std::string>& types) {
  std::vector<std::string> events;
  for (const auto& row : kRows)
    if (covers(types, row.type) && std::find(events.begin(), events.end(), row.event) == events.end())
      events.emplace_back(row.event);
  return events;
}

std::vector<Change> changes_of(const Event& event, const std::vector<std::string>& types) {
  std::vector<Change> changes;
  Seq seq = end_of(event.seq - 1);
  for (const auto& row : kRows) {
    if (row.event != event.type) continue;
    ++seq;
    if (!covers(types, row.type) || !(row.first_of.empty() || is_first_of(event, row.first_of))) continue;
    Change change{.seq = seq, .type = row.type, .resource = row.resource, .id = "", .path = "", .at = event.at};
    place(event, change);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace larmor::events
