#include "services/storage/rest/qido.h"

#include "base/random.h"
#include "dicom/query/native_xml.h"
#include "dicom/query/parameters.h"
#include "dicom/web/caller.h"

namespace larmor::storage {
namespace {

using dicom::Level;
using net::Request;
using net::Response;

constexpr std::int64_t kMostAnswers = 10'000;  // of one request; the Warning header says when there are more
using dicom::kJson, dicom::kXml;

const net::Whole kLimit("limit", 1, 1'000'000'000, kMostAnswers, "At most so many answers, never more than 10,000");
const net::Whole kOffset("offset", 0, 1'000'000'000, 0, "Skip so many answers");
const net::Word kFuzzy("fuzzymatching", {"true", "false"}, "Names by the beginnings of their words, in any order");
const net::Texts kInclude("includefield", "Further attributes to return, separated by commas, or all");
const net::Texts kAttribute("{attribute}",
                            "An attribute by keyword or eight hexadecimal digits, and what it has to be; see "
                            "docs/conformance for those that are known");

/// The parts of the path that are UIDs.
struct Place {
  std::string_view capture;
  dicom::Tag tag;
};
constexpr std::array kPlaces = {Place{"study", 0x0020000D}, Place{"series", 0x0020000E}};

Result<dicom::Search> search_of(Level level, const Request& r) {
  auto search = TRY(dicom::search_of(level, r.query));
  auto& query = search.query;
  for (const auto& place : kPlaces)
    if (const auto uid = r.capture(place.capture); !uid.empty())
      query.keys.insert(query.keys.begin(), dicom::Key{place.tag, 0, uid});
  query.offset = TRY(kOffset.in(r));
  query.fuzzy = TRY(kFuzzy.in(r)).value_or("false") == "true";
  return search;
}

/// Page by page until `limit` answers are there; true when there are more.
Result<bool> gather(Storage& storage, dicom::Query query, std::int64_t limit, const Call& call, Json& answers) {
  for (;;) {
    query.limit = static_cast<int>(std::min<std::int64_t>(limit - static_cast<std::int64_t>(answers.size()), 1000));
    auto page = TRY(storage.find(query, call));
    for (auto& item : page.items) answers.push_back(std::move(item));
    if (page.next.empty()) return false;
    if (static_cast<std::int64_t>(answers.size()) >= limit) return true;
    query.after = page.next;
    query.offset = 0;
  }
}

std::string value_of(const Json& set, const char* tag) {
  const auto found = set.find(tag);
  return found == set.end() || !found->contains("Value") ? "" : found->at("Value").at(0).get<std::string>();
}

/// (0008,1190): where the object itself is, as the caller reaches us.
void add_address(const Request& r, Level level, Json& set) {
  auto address = dicom::root_of(r) + "/studies/" + net::encode(value_of(set, "0020000D"));
  if (level >= Level::series) address += "/series/" + net::encode(value_of(set, "0020000E"));
  if (level >= Level::instance) address += "/instances/" + net::encode(value_of(set, "00080018"));
  set["00081190"] = {{"vr", "UR"}, {"Value", {address}}};
}

Response as_xml(const Json& answers) {
  const auto boundary = random_token();
  Response response;
  response.headers.emplace("content-type", fmt::format("multipart/related; type=\"{}\"; boundary={}", kXml, boundary));
  for (const auto& set : answers)
    response.body += fmt::format("--{}\r\nContent-Type: {}\r\n\r\n{}\r\n", boundary, kXml, dicom::native_xml(set));
  response.body += fmt::format("--{}--\r\n", boundary);
  return response;
}

Response as_json(const Json& answers) {
  Response response;
  response.headers.emplace("content-type", kJson);
  response.body = answers.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

Result<Response> answer(Storage& storage, Level level, const Request& r) {
  const auto xml = dicom::wants_xml(r);
  if (!xml) return net::problem(xml.error(), 406);
  const auto search = TRY(search_of(level, r));
  const auto limit = TRY(kLimit.in(r));
  Json answers = Json::array();
  const bool more = TRY(gather(storage, search.query, std::min(limit, kMostAnswers), r.call(), answers));
  for (auto& set : answers) add_address(r, level, set);
  auto response = *xml ? as_xml(answers) : as_json(answers);
  response.headers.emplace("cache-control", "private, no-cache");
  // PS3.18 8.3.4.4 and 10.6.3.1 give the words.
  if (more && limit > kMostAnswers)
    response.headers.emplace("warning",
                             fmt::format("299 larmor \"There are more than {} results; narrow the search, or "
                                         "page with limit and offset\"",
                                         kMostAnswers));
  if (!search.ignored.empty())
    response.headers.emplace("warning", fmt::format("299 larmor \"Not matched, since no index keeps it: {}\"",
                                                    fmt::join(search.ignored, ", ")));
  return response;
}

}  // namespace

std::vector<net::Route> qido_routes(Storage& storage) {
  struct Row {
    const char* pattern;
    Level level;
    const char* summary;
  };
  static constexpr std::array kRows = {
      Row{"/dicom-web/studies", Level::study, "QIDO-RS: studies"},
      Row{"/dicom-web/studies/{study}/series", Level::series, "QIDO-RS: series of a study"},
      Row{"/dicom-web/series", Level::series, "QIDO-RS: series"},
      Row{"/dicom-web/studies/{study}/series/{series}/instances", Level::instance, "QIDO-RS: instances of a series"},
      Row{"/dicom-web/studies/{study}/instances", Level::instance, "QIDO-RS: instances of a study"},
      Row{"/dicom-web/instances", Level::instance, "QIDO-RS: instances"},
  };
  std::vector<net::Route> routes;
  for (const auto& row : kRows) {
    const auto handler = [&storage, level = row.level](const Request& r) -> Result<Response> {
      return dicom::dicom_web_answer(answer(storage, level, r));
    };
    routes.push_back({net::Method::get,
                      row.pattern,
                      net::Scope::read,
                      row.summary,
                      handler,
                      std::string(kJson),
                      "",
                      200,
                      {kLimit, kOffset, kFuzzy, kInclude, kAttribute}});
  }
  return routes;
}

}  // namespace larmor::storage
