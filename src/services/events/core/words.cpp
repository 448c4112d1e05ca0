#include "services/events/core/words.h"

#include <array>
#include <string_view>

namespace larmor::events {
namespace {

/// A sentence with {field} where the event's value goes.
struct Row {
  std::string_view type, sentence;
};

constexpr std::array kRows = {
    Row{"instance.stored", "image {number} of series {series} stored ({way} from {sender})"},
    Row{"instance.duplicate", "{instance} came again from {sender}, byte for byte the same; kept once"},
    Row{"instance.conflict",
        "{instance} came from {sender} with other content under the same UID; kept aside, the first stays"},
    Row{"association.opened", "{calling} opened an association from {address}"},
    Row{"association.closed", "association of {calling} {end} after {objects} objects"},
    Row{"commitment.requested", "{calling} asked whether {instances} objects are safe here"},
    Row{"commitment.reported", "{calling} was told that {committed} objects are safe here, and {failed} are not"},
    Row{"commitment.failed", "{calling} could not be told whether its objects are safe here: {error}"},
    Row{"series.complete", "series complete: {instances} images; {reason}"},
    Row{"study.complete", "study complete: {instances} images in {series} series; {reason}"},
    Row{"study.late", "more images arrived after the study was complete ({instances} now)"},
    Row{"rule.matched", "rule {rule} matched because {reason}"},
    Row{"rule.skipped", "rule {rule} did not match: {reason}"},
    Row{"job.queued", "job {queue} queued ({priority})"},
    Row{"job.started", "worker {worker} took {queue}, attempt {attempt}"},
    Row{"job.progress", "{step}"},
    Row{"job.retrying", "{queue} failed on attempt {attempt} and is tried again at {due}: {error}"},
    Row{"job.finished", "{queue} finished in {seconds} s"},
    Row{"job.dead", "{queue} failed for good after {attempt} attempts: {error}"},
    Row{"job.revived", "{queue} sent again by an operator"},
    Row{"job.cancelled", "{queue} cancelled by an operator"},
    Row{"queue.paused", "{queue} paused by an operator; it takes jobs and starts none"},
    Row{"queue.resumed", "{queue} resumed by an operator after {paused_s} s"},
    Row{"prior.requested", "{archive} was asked to send series {series}, to compare a later study with it"},
    Row{"prior.arrived",
        "{instances} images of series {series} are here, asked for to compare a later study with them"},
    Row{"prior.chosen", "{words}"},
    Row{"prior.none", "{words}"},
    Row{"results.stored", "{pipeline} {version} made its results and storage keeps them"},
    Row{"results.refused", "{pipeline} refused the study: {reason}"},
    Row{"feedback.given", "a person says of the result: {words}"},
    Row{"export.queued", "{instances} objects queued for {destination}"},
    Row{"export.sent", "{instances} objects sent to {destination} in {seconds} s"},
    Row{"export.confirmed", "{destination} lists {found} of them in answer to C-FIND"},
    Row{"export.failed", "could not send to {destination}: {error}"},
    Row{"account.added", "{user} may sign in as {role}"},
    Row{"account.changed", "the account of {user} was changed"},
    Row{"account.signed_in", "{user} signed in from {address}"},
    Row{"account.signed_out", "{user} signed out"},
    Row{"account.refused", "a sign-in as {user} from {address} was refused: wrong name or password"},
    Row{"token.made", "a token was made for {name} ({scopes}), good until {expires}"},
    Row{"token.revoked", "token {token} was revoked"},
    Row{"access.opened", "{who} opened the study from {address}"},
    Row{"access.searched", "{who} looked through the studies from {address}"},
    Row{"access.operated", "{who} asked for {verb} {path} from {address}"},
    Row{"access.refused", "{address} was refused {verb} {path}: {reason}"},
};

/// Text as it is, whole numbers without a fraction, others with two digits, lists as their length, errors as their
/// sentence.
std::string shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{:.2f}", value.get<double>());
  if (value.is_array()) return std::to_string(value.size());
  if (value.is_object() && value.contains("what")) return shown(value["what"]);
  if (value.is_object() && value.contains("detail")) return shown(value["detail"]);
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string filled(std::string_view sentence, const Json& fields) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size();) {
    const auto open = sentence.find('{', i);
    out += sentence.substr(i, open - i);
    if (open == std::string_view::npos) break;
    const auto close = sentence.find('}', open);
    const std::string name(sentence.substr(open + 1, close - open - 1));
    out += fields.is_object() && fields.contains(name) ? shown(fields[name]) : "?";
    i = close + 1;
  }
  return out;
}

}  // namespace

std::string in_words(const NewEvent& event) {
  for (const auto& row : kRows)
    if (row.type == event.type) return filled(row.sentence, event.fields);
  return event.type;
}

}  // namespace larmor::events
