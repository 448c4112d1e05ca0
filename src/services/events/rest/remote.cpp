#include "services/events/rest/remote.h"

#include "services/events/rest/codec.h"

namespace larmor::events {
namespace {

class RemoteLog final : public EventLog {
 public:
  explicit RemoteLog(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<Seq> append(std::span<const NewEvent> events, const Call& call) override {
    Json items = Json::array();
    for (const auto& event : events) items.push_back(to_json(event));
    return member<Seq>(TRY(client_->post("/v1/events", {{"items", std::move(items)}}, call)), "last");
  }

  Result<Page> read(const Query& query, const Call& call) override {
    auto target = fmt::format("/v1/events?after={}&limit={}", query.after, query.limit);
    if (query.before != 0) target += fmt::format("&before={}", query.before);
    if (query.newest_first) target += "&order=falling";
    // A little less than the caller's patience, so that an empty page arrives before the deadline.
    const auto wait = std::min<Duration>({query.wait, call.left() - 200ms, 60s});
    if (wait > Duration(0)) target += fmt::format("&wait_s={:.3f}", seconds(wait));
    if (!query.study.empty()) target += "&study=" + net::encode(query.study.str());
    for (const auto& type : query.types) target += "&type=" + net::encode(type);
    for (const auto& [name, value] : query.fields) target += "&field=" + net::encode(name + ":" + value);
    return page_from_json(TRY(client_->get(target, call)));
  }

  Result<Seq> cursor(const std::string& reader, const Call& call) override {
    return member<Seq>(TRY(client_->get("/v1/event-cursors/" + net::encode(reader), call)), "seq");
  }

  Result<void> advance(const std::string& reader, Seq seq, const Call& call) override {
    CHECK_OK(client_->put("/v1/event-cursors/" + net::encode(reader), {{"seq", seq}}, call));
    return {};
  }

 private:
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<EventLog> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteLog>(std::move(client));
}

}  // namespace larmor::events
