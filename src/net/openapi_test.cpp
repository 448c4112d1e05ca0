#include "net/openapi.h"

#include <gtest/gtest.h>

namespace larmor::net {
namespace {

Json document() {
  const Handler none;
  std::vector<Route> routes = {
      {Method::get,
       "/v1/jobs",
       Scope::read,
       "Jobs",
       none,
       "job_page",
       "",
       200,
       {Whole("limit", 1, 10, 5, "at most"), Texts("type", "of these")}},
      {Method::get, "/v1/jobs/{job}", Scope::read, "One job", none, "job"},
      {Method::del, "/v1/jobs/{job}", Scope::operate, "Cancel", none, "", "", 204},
      {Method::post, "/v1/jobs", Scope::peer, "Enqueue", none, "job", "new_job", 201},
      {Method::post, "/v1/uploads", Scope::operate, "Upload", none, "job", "application/octet-stream", 202},
      {Method::get, "/v1/instances/{instance}/file", Scope::read, "Bytes", none},
      {Method::get, "/{file...}", Scope::read, "The web application", none}};
  const std::map<std::string, Json> schemas = {
      {"job", {{"$id", "job.json"}, {"$schema", "x"}, {"type", "object"}}},
      {"new_job", {{"type", "object"}}},
      {"job_page", {{"properties", {{"items", {{"type", "array"}, {"items", {{"$ref", "job.json"}}}}}}}}}};
  return openapi(routes, schemas, "1.2.3");
}

TEST(OpenApi, DescribesEachRouteOfTheTable) {
  const auto doc = document();
  EXPECT_EQ(doc["openapi"], "3.1.0");
  EXPECT_EQ(doc["info"]["version"], "1.2.3");
  const auto& one = doc["paths"]["/v1/jobs/{job}"];
  EXPECT_EQ(one["get"]["parameters"][0]["name"], "job");
  EXPECT_EQ(one["get"]["parameters"][0]["in"], "path");
  EXPECT_EQ(one["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/job");
  EXPECT_EQ(one["delete"]["x-larmor-scope"], "operate");
  EXPECT_FALSE(one["delete"]["responses"]["204"].contains("content"));
  const auto& list = doc["paths"]["/v1/jobs"];
  EXPECT_EQ(list["get"]["parameters"][0]["in"], "query");
  EXPECT_EQ(list["get"]["parameters"][0]["schema"]["maximum"], 10);
  EXPECT_EQ(list["get"]["parameters"][0]["description"], "at most");
  EXPECT_EQ(list["get"]["parameters"][1]["schema"]["items"]["type"], "string");
  EXPECT_EQ(list["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/new_job");
  EXPECT_EQ(list["post"]["security"][0].begin().key(), "certificate");
  EXPECT_TRUE(list["post"]["responses"]["201"]["headers"].contains("Location"));
  EXPECT_TRUE(doc["paths"]["/v1/uploads"]["post"]["requestBody"]["content"].contains("application/octet-stream"));
}

TEST(OpenApi, LeavesTheFilesOfTheWebApplicationOut) {
  EXPECT_FALSE(document()["paths"].contains("/{file...}"));
}

TEST(OpenApi, HasNoReferenceThatLeadsNowhere) {
  const auto doc = document();
  std::vector<std::string> references;
  const std::function<void(const Json&)> collect = [&](const Json& j) {
    if (j.is_object() && j.contains("$ref")) references.push_back(j["$ref"]);
    if (j.is_structured())
      for (const auto& item : j) collect(item);
  };
  collect(doc);
  EXPECT_GT(references.size(), 6u);
  for (const auto& reference : references)
    EXPECT_TRUE(doc.contains(Json::json_pointer(reference.substr(1)))) << reference;
}

TEST(OpenApi, GivesEachOperationItsOwnName) {
  const auto doc = document();
  std::map<std::string, int> names;
  for (const auto& [path, item] : doc["paths"].items())
    for (const auto& [verb, operation] : item.items()) ++names[operation["operationId"]];
  EXPECT_EQ(names.size(), 6u);
  EXPECT_EQ(names.count("get_jobs_by_job"), 1u);
}

TEST(OpenApi, TellsAnAddressOutsideV1FromItsLikeInside) {
  const auto at = [](std::string pattern) { return Route{Method::get, std::move(pattern), Scope::read, "News", {}}; };
  const auto doc = openapi({at("/v1/news"), at("/news")}, {}, "1");
  EXPECT_EQ(doc["paths"]["/v1/news"]["get"]["operationId"], "get_news");
  EXPECT_EQ(doc["paths"]["/news"]["get"]["operationId"], "get_news_unversioned");
}

}  // namespace
}  // namespace larmor::net
