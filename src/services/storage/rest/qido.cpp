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

/// Page by page until `limit` answers are written; true when there are more.
Result<bool> gather(Storage& storage, dicom::Query query, std::int64_t limit, const Call& call,
                    const std::function<void(const std::string&)>& write) {
  for (auto left = limit;;) {
    query.limit = static_cast<int>(std::min<std::int64_t>(left, dicom::kMostFound));
    const auto page = TRY(storage.find(query, call));
    for (const auto& set : page.items) write(set);
    left -= static_cast<std::int64_t>(page.items.size());
    if (page.next.empty()) return false;
    if (left <= 0) return true;
    query.after = page.next;
    query.offset = 0;
  }
}

/// A body of answers: a list, or a part of each.
class Body {
 public:
  explicit Body(bool xml) : boundary_(xml ? random_token() : "") {}
  void add(const std::string& set) {
    if (boundary_.empty())
      text_.append(text_.empty() ? "[" : ",").append(set);
    else
      text_ +=
          fmt::format("--{}\r\nContent-Type: {}\r\n\r\n{}\r\n", boundary_, kXml, dicom::native_xml(Json::parse(set)));
  }
  Response response() && {
    Response response;
    const bool list = boundary_.empty();
    text_ += !list ? fmt::format("--{}--\r\n", boundary_) : text_.empty() ? "[]" : "]";
    response.headers = {
        {"content-type",
         list ? std::string(kJson) : fmt::format("multipart/related; type=\"{}\"; boundary={}", kXml, boundary_)},
        {"cache-control", "private, no-cache"}};
    response.body = std::move(text_);
    return response;
  }

 private:
  std::string boundary_, text_;
};

Result<Response> answer(Storage& storage, Level level, const Request& r) {
  const auto xml = dicom::wants_xml(r);
  if (!xml) return net::problem(xml.error(), 406);
  auto search = TRY(search_of(level, r));
  search.query.root = dicom::root_of(r);
  const auto limit = TRY(kLimit.in(r));
  Body body(*xml);
  const bool more = TRY(gather(storage, search.query, std::min(limit, kMostAnswers), r.call(),
                               [&](const std::string& set) { body.add(set); }));
  auto response = std::move(body).response();
  // PS3.18 8.3.4.4 and 10.6.3.1 give the words. Who named no limit wants all.
  if (more && (limit > kMostAnswers || !r.parameter("limit")))
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
                      {kLimit, kOffset, kFuzzy, kInclude, dicom::kAccept, kAttribute},
                      dicom::kBadQuery});
  }
  return routes;
}

}  // namespace larmor::storage
