#include "services/storage/rest/wado.h"

#include <algorithm>
#include <set>

#include "dicom/codec/transcode.h"
#include "dicom/web/multipart.h"
#include "services/storage/rest/file.h"
#include "services/storage/rest/frames.h"
#include "services/storage/rest/metadata.h"
#include "services/storage/rest/named.h"
#include "services/storage/rest/rendered.h"
#include "services/storage/rest/resources.h"
#include "services/storage/rest/view.h"

namespace larmor::storage {
namespace {

using dicom::Accepted;
using dicom::accepted;
using dicom::dicom_web_answer;
using dicom::kDicom, dicom::kJson;
using dicom::multipart_answer;
using dicom::Part;
using net::Request;
using net::Response;

constexpr std::string_view kParts = "multipart/related", kPicture = "image/jpeg";
constexpr Duration kOpening = 60s;  // an object, while a study is on its way

Part part_of(Storage& storage, const std::string& root, const InstanceRow& row) {
  return {fmt::format("{}; transfer-syntax={}", kDicom, row.transfer_syntax), address_of(root, row), row.size,
          [&storage, row]() -> Result<std::unique_ptr<ByteSource>> {
            auto object = TRY(storage.open(row.instance, Call::within(kOpening)));
            return std::make_unique<SliceSource>(std::move(object), std::vector{net::ByteRange{0, row.size}});
          }};
}

Result<std::string> recoded(Storage& storage, const InstanceRow& row, const std::string& syntax) {
  SliceSource whole(TRY(storage.open(row.instance, Call::within(kOpening))), {net::ByteRange{0, row.size}});
  return dicom::transcode(whole, syntax);
}

Response alone(std::string type, std::string content) {
  Response response;
  response.headers = {{"content-type", std::move(type)}, {"cache-control", "private, no-cache"}};
  response.body = std::move(content);
  return response;
}

/// The first object that is stored otherwise is made at once, so that what cannot be is said; the others in their turn.
Result<Response> in_syntax(Storage& storage, const Request& r, const std::shared_ptr<const Named>& named,
                           const Accepted& a) {
  const auto type = fmt::format("{}; transfer-syntax={}", kDicom, a.syntax);
  const auto root = dicom::root_of(r);
  const auto fits = [a](const InstanceRow& row) { return gives(a, row.transfer_syntax.str()); };
  Walk ahead(named);
  const auto* first = TRY(ahead.next());
  while (fits(*first)) first = TRY(ahead.next());
  auto made = std::make_shared<std::string>(TRY(recoded(storage, *first, a.syntax)));
  if (!a.multipart && named->size() == 1) return alone(type, std::move(*made));
  const auto next = [=, &storage, walk = Walk(named),
                     made_of = first->instance]() mutable -> Result<std::optional<Part>> {
    const auto* row = TRY(walk.next());
    if (!row) return std::nullopt;
    if (fits(*row)) return part_of(storage, root, *row);
    auto part =
        dicom::held_part(type, row->instance == made_of ? std::move(*made) : TRY(recoded(storage, *row, a.syntax)));
    part.location = address_of(root, *row);
    return part;
  };
  return multipart_answer(kDicom, std::nullopt, next);
}

Result<Response> objects(Storage& storage, const Request& r) {
  const auto root = dicom::root_of(r);
  std::set<std::string> syntaxes;
  dicom::MultipartLength length;
  const bool one = !r.capture("instance").empty();
  const auto named = TRY(Named::of(storage, r, [&](const InstanceRow& row) {
    syntaxes.insert(row.transfer_syntax.str());
    if (!one) length.add(part_of(storage, root, row));
  }));
  for (const auto& a : accepted(r)) {
    const auto fits = [&](const auto& syntax) { return gives(a, syntax); };
    if (!a.takes(kDicom)) continue;
    if (!std::all_of(syntaxes.begin(), syntaxes.end(), fits)) {
      if (!dicom::can_write(a.syntax)) continue;
      return in_syntax(storage, r, named, a);
    }
    if (!a.multipart && a.type == kDicom && named->size() == 1) return file_answer(storage, named->front()[0], r);
    if (one) return multipart_answer(kDicom, {part_of(storage, root, named->front()[0])});
    return multipart_answer(kDicom, length.bytes(),
                            [&storage, root, walk = Walk(named)]() mutable -> Result<std::optional<Part>> {
                              const auto* row = TRY(walk.next());
                              return row ? std::optional(part_of(storage, root, *row)) : std::nullopt;
                            });
  }
  return fail_with(not_acceptable(
      r, fmt::format("multipart/related; type=\"{}\"; transfer-syntax={}, or * for what is stored, or one of {}",
                     kDicom, fmt::join(syntaxes, " or "), fmt::join(dicom::written_syntaxes(), ", "))));
}

}  // namespace

std::vector<net::Route> wado_routes(Storage& storage) {
  struct Row {
    std::string place;
    const char* summary;
    Result<Response> (*handler)(Storage&, const Request&);
    std::string_view answers;
    bool viewed = false;  ///< it has the parameters of a view
  };
  static const std::string series = "/series/{series}", instance = series + "/instances/{instance}",
                           frame = instance + "/frames/{frames}";
  static const std::array kRows = {
      Row{"", "WADO-RS: the objects of a study", objects, kParts},
      Row{"/metadata", "WADO-RS: the attributes of a study's objects", metadata, kJson},
      Row{"/rendered", "WADO-RS: pictures of a study", rendered_images, kParts, true},
      Row{"/thumbnail", "WADO-RS: a small picture of a study", thumbnail, kPicture, true},
      Row{series, "WADO-RS: the objects of a series", objects, kParts},
      Row{series + "/metadata", "WADO-RS: the attributes of a series' objects", metadata, kJson},
      Row{series + "/rendered", "WADO-RS: pictures of a series", rendered_images, kParts, true},
      Row{series + "/thumbnail", "WADO-RS: a small picture of a series", thumbnail, kPicture, true},
      Row{instance, "WADO-RS: an object", objects, kParts},
      Row{instance + "/metadata", "WADO-RS: an object's attributes", metadata, kJson},
      Row{instance + "/rendered", "WADO-RS: a picture of an object", rendered, kPicture, true},
      Row{instance + "/thumbnail", "WADO-RS: a small picture of an object", thumbnail, kPicture, true},
      Row{frame, "WADO-RS: frames by number, with commas between", frames, kParts},
      Row{frame + "/rendered", "WADO-RS: pictures of frames", rendered, kPicture, true},
      Row{frame + "/thumbnail", "WADO-RS: a small picture of a frame", thumbnail, kPicture, true},
      Row{instance + "/bulkdata/7FE00008", "WADO-RS: an object's pixel data, as real numbers", bulk_data, kParts},
      Row{instance + "/bulkdata/7FE00009", "WADO-RS: an object's pixel data, as double numbers", bulk_data, kParts},
      Row{instance + "/bulkdata/7FE00010", "WADO-RS: an object's pixel data", bulk_data, kParts},
      Row{instance + "/bulkdata/{attribute}", "WADO-RS: a long value, as metadata names it", bulk_value, kParts},
  };
  std::vector<net::Route> routes;
  for (const auto& row : kRows) {
    const auto handler = [&storage, call = row.handler](const Request& r) {
      return dicom_web_answer(call(storage, r));
    };
    auto parameters = row.viewed ? view_parameters() : std::vector<net::Parameter>();
    parameters.push_back(dicom::kAccept);
    routes.push_back({net::Method::get, fmt::format("/dicom-web/studies/{{study}}{}", row.place), net::Scope::read,
                      row.summary, handler, std::string(row.answers), "", 200, std::move(parameters),
                      dicom::kBadQuery});
  }
  return routes;
}

}  // namespace larmor::storage
