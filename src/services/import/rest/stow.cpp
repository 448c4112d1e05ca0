#include "services/import/rest/stow.h"

#include "dicom/query/native_xml.h"
#include "dicom/web/caller.h"
#include "services/import/rest/routes.h"

namespace larmor::importing {
namespace {

using Item = StoreReport::Item;

constexpr std::size_t kMostTold = 5;  // reasons in the Warning header

/// An element of DICOM JSON with one value, or with none.
Json element(std::string_view vr, const Json& value) {
  Json out = {{"vr", vr}};
  if (value != "") out["Value"] = Json::array({value});
  return out;
}

std::string address_of(const std::string& root, const Item& item) {
  return fmt::format("{}/studies/{}/series/{}/instances/{}", root, net::encode(item.study.str()),
                     net::encode(item.series.str()), net::encode(item.instance.str()));
}

/// The study's address, where all that was kept belongs to one.
std::string study_address(const std::string& root, const StoreReport& report) {
  const StudyUid* only = nullptr;
  for (const auto& item : report.items) {
    if (item.refused) continue;
    if (only && *only != item.study) return "";
    only = &item.study;
  }
  return only ? fmt::format("{}/studies/{}", root, net::encode(only->str())) : "";
}

/// PS3.18 annex I: what was kept, what failed, and failures of what nobody can name.
Json response_module(const std::string& root, const StoreReport& report) {
  Json kept = Json::array(), failed = Json::array(), other = Json::array();
  for (const auto& item : report.items) {
    Json set = Json::object();
    if (item.refused) set["00081197"] = element("US", row(item.refused->code).dimse);
    if (!item.refused) set["00081190"] = element("UR", address_of(root, item));
    if (item.refused && item.instance.empty()) {
      other.push_back(std::move(set));
      continue;
    }
    set["00081150"] = element("UI", item.sop_class.str());
    set["00081155"] = element("UI", item.instance.str());
    (item.refused ? failed : kept).push_back(std::move(set));
  }
  Json module = {{"00081190", element("UR", study_address(root, report))}};
  const auto sequence = [&module](const char* tag, Json items) {
    if (!items.empty()) module[tag] = {{"vr", "SQ"}, {"Value", std::move(items)}};
  };
  sequence("00081198", std::move(failed));
  sequence("00081199", std::move(kept));
  sequence("0008119A", std::move(other));
  return module;
}

/// The module has numbers only, and people want words; what a sender wrote stays within the quotes.
std::string words_of(const StoreReport& report) {
  std::string words;
  std::size_t told = 0;
  for (const auto& item : report.items)
    if (item.refused && told < kMostTold)
      words += fmt::format("{}part {}: {}", told++ ? "; " : "", item.part, item.refused->what);
  for (auto& c : words)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '?';
  return words;
}

/// PS3.18 table 10.5.3-1.
int status_of(const StoreReport& report) {
  const auto refused = std::count_if(report.items.begin(), report.items.end(), [](const auto& i) { return i.refused; });
  if (refused == 0) return 200;
  return refused < static_cast<std::ptrdiff_t>(report.items.size()) ? 202 : 409;
}

Result<net::Response> stow(Import& import, const net::Request& r) {
  const auto xml = dicom::wants_xml(r);
  if (!xml) return net::problem(xml.error(), 406);
  const Batch batch{r.header("content-type").value_or(""), StudyUid(r.capture("study")), sender(r, "dicomweb"),
                    r.remote_address};
  const auto report = import.store(batch, *r.body, patient(r));
  if (!report && report.error().code == Code::unsupported) return net::problem(report.error(), 415);
  if (!report) return dicom::dicom_web_answer(fail_with(report.error()));
  net::Response response;
  response.status = status_of(*report);
  const auto module = response_module(dicom::root_of(r), *report);
  response.headers.emplace("content-type", *xml ? dicom::kXml : dicom::kJson);
  response.body = *xml ? dicom::native_xml(module) : module.dump();
  if (response.status != 200) response.headers.emplace("warning", fmt::format("299 larmor \"{}\"", words_of(*report)));
  return response;
}

}  // namespace

std::vector<net::Route> stow_routes(Import& import) {
  struct Row {
    const char* pattern;
    const char* summary;
  };
  static constexpr std::array kRows = {
      Row{"/dicom-web/studies", "STOW-RS: objects of any study, whole or as metadata with bulk data"},
      Row{"/dicom-web/studies/{study}", "STOW-RS: objects of one study, whole or as metadata with bulk data"},
  };
  std::vector<net::Route> routes;
  for (const auto& row : kRows)
    routes.push_back({net::Method::post,
                      row.pattern,
                      net::Scope::operate,
                      row.summary,
                      [&import](const net::Request& r) { return stow(import, r); },
                      std::string(dicom::kJson),
                      "multipart/related",
                      200,
                      {dicom::kAccept},
                      dicom::kBadQuery});
  return routes;
}

}  // namespace larmor::importing
