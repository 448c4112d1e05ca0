#include "services/processing/rest/routes.h"

#include "services/processing/rest/codec.h"

namespace larmor::processing {
namespace {

struct MediaType {
  std::string_view ending, type;
};

constexpr std::array kMediaTypes = {
    MediaType{".pdf", "application/pdf"},           MediaType{".png", "image/png"},
    MediaType{".csv", "text/csv; charset=utf-8"},   MediaType{".json", "application/json"},
    MediaType{".txt", "text/plain; charset=utf-8"}, MediaType{".svg", "image/svg+xml"},
    MediaType{".dcm", "application/dicom"},
};

std::string media_type(std::string_view file) {
  for (const auto& row : kMediaTypes)
    if (file.ends_with(row.ending)) return std::string(row.type);
  return "application/octet-stream";
}

template <class View>
net::Response listed(const std::vector<View>& views) {
  Json items = Json::array();
  for (const auto& view : views) items.push_back(to_json(view));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

Result<net::Response> results(Processing& processing, const net::Request& request) {
  return listed(TRY(processing.results(StudyUid(request.capture("study")), request.call())));
}

Result<net::Response> result_file(Processing& processing, const net::Request& request) {
  const auto name = request.capture("file");
  net::Response response;
  response.body = TRY(processing.result_file(JobId(request.capture("job")), name, request.call()));
  response.headers.emplace("content-type", media_type(name));
  // A pipeline's file may hold anything: it is shown, never run.
  response.headers.emplace("content-security-policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
  response.headers.emplace("x-content-type-options", "nosniff");
  response.headers.emplace("cache-control", "private, max-age=31536000, immutable");
  return response;
}

Result<net::Response> give_feedback(Processing& processing, const net::Request& request) {
  const auto feedback = TRY(feedback_from_json(TRY(request.json())));
  CHECK_OK(processing.give_feedback(JobId(request.capture("job")), feedback, request.call()));
  return net::no_content();
}

Result<net::Response> pipelines(Processing& processing, const net::Request& request) {
  return listed(TRY(processing.pipelines(request.call())));
}

Result<net::Response> workers(Processing& processing, const net::Request& request) {
  return listed(TRY(processing.workers(request.call())));
}

}  // namespace

std::vector<net::Route> routes(Processing& processing) {
  using enum net::Method;
  using net::Scope;
  const auto with = [&processing](auto handler) {
    return [&processing, handler](const net::Request& request) { return handler(processing, request); };
  };
  return {
      {get, "/v1/pipelines", Scope::read, "The pipelines that can run here", with(pipelines), "pipeline_list"},
      {get, "/v1/workers", Scope::read, "The workers and what they are busy with", with(workers), "worker_list"},
      {get, "/v1/studies/{study}/results", Scope::read, "Results of a study, newest first", with(results),
       "result_list"},
      {get, "/v1/results/{job}/files/{file}", Scope::read, "One file of a result", with(result_file)},
      {post, "/v1/results/{job}/feedback", Scope::operate,
       "Say what is wrong with a result; kept in the event log for the model's card, once per idempotency key",
       with(give_feedback), "", "new_feedback", 204},
  };
}

}  // namespace larmor::processing
