#include "services/storage/rest/wado.h"

#include <algorithm>

#include "dicom/web/multipart.h"
#include "services/storage/rest/file.h"
#include "services/storage/rest/frames.h"
#include "services/storage/rest/metadata.h"
#include "services/storage/rest/resources.h"

namespace larmor::storage {
namespace {

using dicom::accepted;
using dicom::dicom_web_answer;
using dicom::kDicom, dicom::kJson;
using dicom::multipart_answer;
using dicom::Part;
using net::Request;
using net::Response;

constexpr Duration kOpening = 60s;  // an object, while a study is on its way

// With a name of its own the router would refuse all others with 422, and DICOMweb's word is 400.
const net::Texts kAccept("{accept}", "`accept`: instead of the header Accept; nothing else is understood");

Result<void> check_query(const Request& r) {
  for (const auto& [name, value] : r.query)
    if (name != "accept" || r.query.count(name) > 1)
      return fail_with({Code::invalid, fmt::format("the parameter '{}' is unknown here, or given twice", name),
                        "Give accept once, or nothing.", name});
  return {};
}

Part part_of(Storage& storage, const Request& r, const InstanceRow& row) {
  return {fmt::format("{}; transfer-syntax={}", kDicom, row.transfer_syntax), address_of(r, row), row.size,
          [&storage, row]() -> Result<std::unique_ptr<ByteSource>> {
            auto object = TRY(storage.open(row.instance, Call::within(kOpening)));
            return std::make_unique<SliceSource>(std::move(object), std::vector{net::ByteRange{0, row.size}});
          }};
}

Result<Response> objects(Storage& storage, const Request& r) {
  const auto rows = TRY(rows_of(storage, r));
  for (const auto& a : accepted(r)) {
    const auto fits = [&](const auto& row) { return gives(a, row.transfer_syntax.str()); };
    if (!a.takes(kDicom) || !std::all_of(rows.begin(), rows.end(), fits)) continue;
    if (!a.multipart && a.type == kDicom && rows.size() == 1) return file_answer(storage, rows[0].instance, r);
    std::vector<Part> parts;
    for (const auto& row : rows) parts.push_back(part_of(storage, r, row));
    return multipart_answer(kDicom, std::move(parts));
  }
  return fail_with(
      not_acceptable(r, fmt::format("multipart/related; type=\"{}\"; transfer-syntax={}, or * for what is stored",
                                    kDicom, rows[0].transfer_syntax)));
}

}  // namespace

std::vector<net::Route> wado_routes(Storage& storage) {
  struct Row {
    const char* place;
    const char* summary;
    Result<Response> (*handler)(Storage&, const Request&);
    std::string_view answers;
  };
  static constexpr std::array kRows = {
      Row{"", "WADO-RS: the objects of a study", objects, "multipart/related"},
      Row{"/metadata", "WADO-RS: the attributes of a study's objects", metadata, kJson},
      Row{"/series/{series}", "WADO-RS: the objects of a series", objects, "multipart/related"},
      Row{"/series/{series}/metadata", "WADO-RS: the attributes of a series' objects", metadata, kJson},
      Row{"/series/{series}/instances/{instance}", "WADO-RS: an object", objects, "multipart/related"},
      Row{"/series/{series}/instances/{instance}/metadata", "WADO-RS: an object's attributes", metadata, kJson},
      Row{"/series/{series}/instances/{instance}/frames/{frames}", "WADO-RS: frames by number, with commas between",
          frames, "multipart/related"},
      Row{"/series/{series}/instances/{instance}/bulkdata/7FE00010", "WADO-RS: an object's pixel data", bulk_data,
          "multipart/related"},
      Row{"/series/{series}/instances/{instance}/bulkdata/{attribute}", "WADO-RS: a long value, as metadata names it",
          bulk_value, "multipart/related"},
  };
  std::vector<net::Route> routes;
  for (const auto& row : kRows) {
    const auto handler = [&storage, call = row.handler](const Request& r) -> Result<Response> {
      if (auto checked = check_query(r); !checked) return dicom_web_answer(fail_with(std::move(checked).error()));
      return dicom_web_answer(call(storage, r));
    };
    routes.push_back({net::Method::get,
                      fmt::format("/dicom-web/studies/{{study}}{}", row.place),
                      net::Scope::read,
                      row.summary,
                      handler,
                      std::string(row.answers),
                      "",
                      200,
                      {kAccept}});
  }
  return routes;
}

}  // namespace larmor::storage
