#include "services/storage/rest/metadata.h"

#include <algorithm>

#include "dicom/web/multipart.h"
#include "imaging/parallel.h"
#include "services/storage/adapters/dicom_json.h"
#include "services/storage/rest/frames.h"
#include "services/storage/rest/resources.h"

namespace larmor::storage {
namespace {

using dicom::accepted;
using dicom::kJson;
using dicom::multipart_answer;
using dicom::Part;
using net::Request;
using net::Response;

constexpr std::size_t kMostReaders = 8;  // threads of one request

/// Threads for so many headers: one needs no company.
int readers_for(std::size_t rows) {
  return static_cast<int>(std::min<std::size_t>({std::thread::hardware_concurrency(), kMostReaders, 1 + rows / 8}));
}

/// Of several objects in one answer: together what tells that none has changed.
std::string tag_of(const std::vector<InstanceRow>& rows) {
  std::size_t mixed = 0;
  for (const auto& row : rows) mixed = mixed * 1'000'003 ^ std::hash<std::string>{}(row.digest);
  return fmt::format("\"{:016x}-{}\"", mixed, rows.size());
}

/// PS3.18 F.2.2: where the pixels are, for all that is an image.
void refer_to_pixels(const InstanceRow& row, const std::string& address, Json& set) {
  if (!set.contains("00280010") || !set.contains("00280100")) return;
  const auto bits = set["00280100"].value("Value", Json::array({16})).at(0);
  set["7FE00010"] = {{"vr", bits == 8 || media_type_of(row.transfer_syntax.str()) != kBytes ? "OB" : "OW"},
                     {"BulkDataURI", address + "/bulkdata/7FE00010"}};
}

/// Storage knows no address of its own.
void make_absolute(const std::string& address, Json& set) {
  for (auto& [tag, element] : set.items()) {
    if (const auto uri = element.find("BulkDataURI"); uri != element.end())
      *uri = fmt::format("{}/{}", address, uri->get_ref<const std::string&>());
    if (element.value("vr", "") == "SQ" && element.contains("Value"))
      for (auto& item : element["Value"]) make_absolute(address, item);
  }
}

Result<std::string> metadata_of(Storage& storage, const Request& r, const InstanceRow& row) {
  auto set = TRY(storage.header(row.instance, r.call()));
  const auto address = address_of(r, row);
  make_absolute(address, set);
  refer_to_pixels(row, address, set);
  return set.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<Response> metadata(Storage& storage, const Request& r) {
  const auto fits = [](const auto& a) { return !a.multipart && (a.takes(kJson) || a.takes("application/json")); };
  const auto ranges = accepted(r);
  if (std::none_of(ranges.begin(), ranges.end(), fits)) return fail_with(not_acceptable(r, std::string(kJson)));
  const auto rows = TRY(rows_of(storage, r));
  const auto etag = tag_of(rows);
  Response response;
  response.headers = {{"content-type", std::string(kJson)}, {"cache-control", "private, no-cache"}, {"etag", etag}};
  if (r.header("if-none-match") == etag) {
    response.status = 304;
    return response;
  }
  std::vector<Result<std::string>> sets(rows.size());
  imaging::each_slice(rows.size(), readers_for(rows.size()),
                      [&](std::size_t i) { sets[i] = metadata_of(storage, r, rows[i]); });
  response.body.push_back('[');
  for (auto& set : sets) {
    if (response.body.size() > 1) response.body += ',';
    response.body += TRY(std::move(set));
  }
  response.body += ']';
  return response;
}

Result<Response> bulk_value(Storage& storage, const Request& r) {
  const auto row = TRY(rows_of(storage, r))[0];
  const auto object = TRY(storage.open(row.instance, r.call()));
  auto value = TRY(bulk_value(*object, r.capture("attribute")));
  for (const auto& a : accepted(r)) {
    if (!a.takes(kBytes)) continue;
    if (a.multipart || a.type != kBytes)
      return multipart_answer(kBytes, {dicom::held_part(std::string(kBytes), std::move(value))});
    Response response;
    response.headers = {{"content-type", std::string(kBytes)}, {"cache-control", "private, no-cache"}};
    response.body = std::move(value);
    return response;
  }
  return fail_with(not_acceptable(r, fmt::format("{}, alone or in multipart/related", kBytes)));
}

}  // namespace larmor::storage
