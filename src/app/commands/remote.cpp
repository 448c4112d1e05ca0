/// Commands that ask a running server over its REST API, as any other program would.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/commands.h"
#include "app/table.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "net/client.h"

namespace larmor::app {
namespace {

constexpr std::string_view kDefaultServer = "http://127.0.0.1:8480";

/// LARMOR_TOKEN, or the content of the file LARMOR_TOKEN_FILE: never an argument, which everybody on the machine can
/// see.
Result<std::string> token() {
  if (const char* given = std::getenv("LARMOR_TOKEN")) return std::string(given);
  if (const char* file = std::getenv("LARMOR_TOKEN_FILE")) return std::string(trim(TRY(read_file(file, 1024))));
  return std::string();
}

Result<std::unique_ptr<net::Client>> client_of(const ServerAddress& server) {
  const char* from_environment = std::getenv("LARMOR_SERVER");
  const auto base = !server.url.empty() ? server.url
                    : from_environment  ? from_environment
                                        : std::string(kDefaultServer);
  return net::Client::make({.base = base, .tls = {}, .token = TRY(token())});
}

Result<Json> get(net::Client& client, const std::string& target, Duration patience = 30s) {
  auto answer = client.get(target, Call::within(patience));
  if (!answer && answer.error().code == Code::unavailable && answer.error().hint.empty())
    answer.error().hint = "Is the server running? `larmor serve` starts it; --server says where it is.";
  if (!answer && answer.error().code == Code::unauthenticated)
    answer.error().hint = "Make a token on the server (`larmor tokens add NAME`) and put it into LARMOR_TOKEN.";
  return answer;
}

void print_json(const Json& value) {
  fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

std::string shown(const Json& row, const char* name) {
  if (!row.contains(name) || row[name].is_null()) return "";
  return row[name].is_string() ? row[name].get<std::string>() : row[name].dump();
}

std::string type_parameters(const std::vector<std::string>& types) {
  std::string text;
  for (const auto& type : types) text += "&type=" + net::encode(type);
  return text;
}

}  // namespace

Result<int> studies(const StudiesArguments& a) {
  auto client = TRY(client_of(a.server));
  const auto page = TRY(get(*client, fmt::format("/v1/studies?limit={}&q={}", a.limit, net::encode(a.text))));
  if (a.server.json) return print_json(page), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& s : page["items"])
    rows.push_back({shown(s, "date"), shown(s, "patient_name"), shown(s, "patient_id"), shown(s, "modalities"),
                    shown(s, "instances"), shown(s, "description"), shown(s, "study")});
  if (rows.empty())
    fmt::print(stderr, "No studies{}. Send one with `larmor send FOLDER --to LARMOR@host:port`.\n",
               a.text.empty() ? " yet" : " match");
  else
    print_table({"DATE", "PATIENT", "ID", "MODALITIES", "IMAGES", "DESCRIPTION", "STUDY"}, rows);
  return 0;
}

Result<int> jobs(const JobsArguments& a) {
  auto client = TRY(client_of(a.server));
  if (!a.retry.empty()) {
    CHECK_OK(client->post(fmt::format("/v1/jobs/{}/revivals", net::encode(a.retry)), Json::object(),
                          Call::within(30s, "cli/" + a.retry)));
    fmt::print(stderr, "Job {} waits again.\n", a.retry);
    return 0;
  }
  auto target = fmt::format("/v1/jobs?limit={}", a.limit);
  if (!a.study.empty()) target += "&study=" + net::encode(a.study);
  if (!a.state.empty()) target += "&state=" + a.state;
  const auto page = TRY(get(*client, target));
  if (a.server.json) return print_json(page), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& j : page["items"]) {
    const auto& work = j.contains("work") ? j["work"] : j;
    rows.push_back({shown(j, "id"), shown(j, "state"), shown(work, "queue"), shown(j, "queued"), shown(work, "study")});
  }
  if (rows.empty())
    fmt::print(stderr, "No such jobs.\n");
  else
    print_table({"JOB", "STATE", "QUEUE", "QUEUED", "STUDY"}, rows);
  return 0;
}

Result<int> queues(const QueuesArguments& a) {
  auto client = TRY(client_of(a.server));
  if (const auto& queue = a.pause.empty() ? a.resume : a.pause; !queue.empty()) {
    CHECK_OK(client->send(a.pause.empty() ? net::Method::del : net::Method::put,
                          fmt::format("/v1/queues/{}/pause", net::encode(queue)), "", Call::within(30s)));
    fmt::print(stderr, "Queue {} {}.\n", queue, a.pause.empty() ? "goes on" : "is paused; what runs goes on");
    return 0;
  }
  const auto list = TRY(get(*client, "/v1/queues"));
  if (a.server.json) return print_json(list), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& q : list["items"])
    rows.push_back({shown(q, "queue"), shown(q, "waiting"), shown(q, "running"), shown(q, "dead"), shown(q, "oldest"),
                    q.contains("paused") ? shown(q["paused"], "since") : "",
                    q.contains("paused") ? shown(q["paused"], "by") : ""});
  if (rows.empty())
    fmt::print(stderr, "No queue holds a job, and none is paused.\n");
  else
    print_table({"QUEUE", "WAITING", "RUNNING", "FAILED", "OLDEST", "PAUSED", "BY"}, rows);
  return 0;
}

Result<int> events(const EventsArguments& a) {
  auto client = TRY(client_of(a.server));
  const auto filter = (a.study.empty() ? "" : "&study=" + net::encode(a.study)) + type_parameters(a.types);
  std::int64_t after = 0;
  for (int left = a.limit; left > 0;) {
    const auto page = TRY(get(*client, fmt::format("/v1/events?after={}&limit={}{}{}", after, std::min(left, 1000),
                                                   a.follow ? "&wait_s=20" : "", filter)));
    for (const auto& e : page["items"]) {
      after = e["seq"].get<std::int64_t>();
      if (a.server.json)
        fmt::print("{}\n", e.dump(-1, ' ', false, Json::error_handler_t::replace));
      else
        fmt::print("{:>7}  {}  {:<19} {}\n", after, shown(e, "at"), shown(e, "type"), shown(e, "words"));
    }
    std::fflush(stdout);
    left -= static_cast<int>(page["items"].size());
    if (page["items"].empty() && !a.follow) break;
  }
  if (after == 0) fmt::print(stderr, "No such events.\n");
  return 0;
}

}  // namespace larmor::app
