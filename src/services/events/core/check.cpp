#include "services/events/core/check.h"

namespace larmor::events {
namespace {

bool is_type(std::string_view type) {
  if (type.empty() || type.size() > 100 || type.find('.') == std::string_view::npos) return false;
  if (type.front() == '.' || type.back() == '.') return false;
  return type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
}

Failure wrong(std::size_t index, std::string_view field, std::string_view why) {
  return fail_with({Code::invalid, fmt::format("event {} of the batch: {} {}", index, field, why), "",
                    fmt::format("/items/{}/{}", index, field)});
}

bool is(const Json& value, const std::string& text) {
  return value.is_string() ? value.get_ref<const std::string&>() == text
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace) == text;
}

bool says(const Event& event, const FieldIs& field) {
  if (field.name == "service") return event.service == field.value;
  if (field.name == "key") return event.key == field.value;
  const auto found = event.fields.find(field.name);
  if (found == event.fields.end()) return false;
  if (!found->is_array()) return is(*found, field.value);
  return std::any_of(found->begin(), found->end(), [&](const Json& one) { return is(one, field.value); });
}

}  // namespace

Result<void> check(std::span<const NewEvent> events) {
  if (events.size() > kMostPerAppend)
    return fail(Code::too_large, "{} events in one append, more than {}", events.size(), kMostPerAppend);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& event = events[i];
    if (!is_type(event.type)) return wrong(i, "type", "is not of the form thing.happened");
    if (event.service.empty() || event.service.size() > 64) return wrong(i, "service", "must have 1 to 64 characters");
    if (event.study.str().size() > 64) return wrong(i, "study", "is longer than 64 characters");
    if (event.key.size() > 512) return wrong(i, "key", "is longer than 512 characters");
    if (!event.fields.is_object() && !event.fields.is_null()) return wrong(i, "fields", "is not an object");
  }
  return {};
}

Result<void> check(const Query& query) {
  if (query.limit < 1 || query.limit > 5000)
    return fail_with({Code::invalid, fmt::format("limit {} is outside 1 to 5000", query.limit), "", "limit"});
  if (query.after < 0) return fail_with({Code::invalid, "after is negative", "0 is before the first event.", "after"});
  if (query.before < 0) return fail_with({Code::invalid, "before is negative", "0 sets no bound.", "before"});
  if (query.types.size() > 100) return fail_with({Code::invalid, "more than 100 types asked for", "", "type"});
  if (query.fields.size() > 20) return fail_with({Code::invalid, "more than 20 fields asked for", "", "field"});
  return {};
}

bool covers(const std::vector<std::string>& words, std::string_view type) {
  return words.empty() || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return word.ends_with('.') ? type.starts_with(word) : type == word;
         });
}

bool chosen(const Query& query, const Event& event) {
  return (query.study.empty() || event.study == query.study) && covers(query.types, event.type) &&
         std::all_of(query.fields.begin(), query.fields.end(),
                     [&](const FieldIs& field) { return says(event, field); });
}

std::vector<std::string> covered(const std::vector<std::string>& words,
                                 const std::set<std::string, std::less<>>& known) {
  std::vector<std::string> types;
  for (const auto& type : known)
    if (covers(words, type)) types.push_back(type);
  return types;
}

}  // namespace larmor::events
