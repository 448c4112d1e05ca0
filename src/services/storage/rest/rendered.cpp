#include "services/storage/rest/rendered.h"

#include <algorithm>

#include "dicom/web/multipart.h"
#include "services/storage/adapters/frame.h"
#include "services/storage/adapters/pixel_data.h"
#include "services/storage/rest/frames.h"
#include "services/storage/rest/named.h"
#include "services/storage/rest/resources.h"
#include "services/storage/rest/view.h"

namespace larmor::storage {
namespace {

using net::Request;
using net::Response;

constexpr std::string_view kJpeg = "image/jpeg", kPng = "image/png";
constexpr std::size_t kMostPictures = 100;  // of one object's request: all of them are in memory
constexpr std::size_t kMostObjects = 5000;  // of one request: their pictures are made as they are sent
constexpr int kThumbnail = 200;             // columns and rows
constexpr std::size_t kMostTries = 12;      // objects looked at for a thumbnail
constexpr Duration kOpening = 60s;          // an object, while pictures are on their way

struct Form {
  std::string_view type;
  bool multipart = false;
};

Result<Form> form_of(const Request& r) {
  for (const auto& a : dicom::accepted(r))
    for (const auto type : {kJpeg, kPng})
      if (a.takes(type)) return Form{type, a.multipart};
  return fail_with(not_acceptable(r, fmt::format("{} or {}", kJpeg, kPng)));
}

Result<std::string> picture(Object& object, const InstanceRow& row, std::size_t frame, const WantedView& wanted,
                            const Form& form) {
  const auto shown = TRY(dicom::render(TRY(frame_of(object, row, frame)), wanted.view));
  return form.type == kPng ? dicom::to_png(shown) : dicom::to_jpeg(shown, wanted.quality);
}

Response tagged(Response response, const std::string& etag) {
  response.headers.emplace("etag", etag);
  response.headers.emplace("vary", "accept");
  return response;
}

Response answer(std::vector<std::string> pictures, const Form& form, const std::string& etag) {
  Response response;
  if (pictures.size() == 1 && !form.multipart) {
    response.headers = {{"content-type", std::string(form.type)}, {"cache-control", "private, no-cache"}};
    response.body = std::move(pictures[0]);
  } else {
    std::vector<dicom::Part> parts;
    for (auto& one : pictures) parts.push_back(dicom::held_part(std::string(form.type), std::move(one)));
    response = dicom::multipart_answer(form.type, std::move(parts));
  }
  return tagged(std::move(response), etag);
}

/// Of what is shown, and of everything that the caller can choose.
std::string etag_of(const Request& r, std::string_view shown, const Form& form) {
  auto choice = fmt::format("{} {} {}", r.path, form.type, form.multipart);
  for (const auto& [name, value] : r.query) choice += fmt::format("&{}={}", name, value);
  return fmt::format("\"{}-{:x}\"", shown, std::hash<std::string>{}(choice));
}

/// The object in the middle of a series.
Result<InstanceRow> middle_of(Storage& storage, const StudyUid& study, const SeriesRow& series, const Call& call) {
  InstanceQuery query{study, series.series};
  auto page = TRY(storage.instances(query, call));
  auto at = static_cast<std::size_t>(series.instances / 2);
  while (at >= page.instances.size() && !page.next.empty()) {
    at -= page.instances.size();
    query.after = page.next;
    page = TRY(storage.instances(query, call));
  }
  return page.instances.at(std::min(at, page.instances.size() - 1));
}

/// Objects that may have an image, the likeliest first: the middle of the largest series.
Result<std::vector<InstanceRow>> candidates(Storage& storage, const Request& r) {
  if (!r.capture("instance").empty()) return std::vector{TRY(row_of(storage, r))};
  const StudyUid study(r.capture("study"));
  auto series = TRY(storage.series(study, r.call()));
  if (const auto only = r.capture("series"); !only.empty())
    std::erase_if(series, [&](const SeriesRow& s) { return s.series.str() != only; });
  if (series.empty()) return fail(Code::not_found, "there is no series {} in study {}", r.capture("series"), study);
  std::stable_sort(series.begin(), series.end(),
                   [](const auto& a, const auto& b) { return a.instances > b.instances; });
  if (series.size() > kMostTries) series.resize(kMostTries);
  std::vector<InstanceRow> likeliest;
  for (const auto& one : series) likeliest.push_back(TRY(middle_of(storage, study, one, r.call())));
  return likeliest;
}

/// Those that have pixels, series by series, in the order of their numbers.
Result<std::vector<InstanceRow>> images_of(Storage& storage, const Request& r) {
  std::vector<InstanceRow> rows;
  const auto named = TRY(Named::of(storage, r, [&](const InstanceRow& row) {
    if (rows.size() <= kMostObjects) rows.push_back(row);
  }));
  if (named->size() > kMostObjects)
    return fail_with(
        {Code::too_large,
         fmt::format("{} objects are more than the {} that are shown at once", named->size(), kMostObjects),
         "Ask for one series, or for each instance."});
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.series, a.number) < std::tie(b.series, b.number);
  });
  std::vector<InstanceRow> images;
  for (auto& row : rows)
    if (pixel_data(*TRY(open_values(storage, row, r.call())), row)) images.push_back(std::move(row));
  if (images.empty()) return fail(Code::not_found, "nothing here has an image that can be shown");
  return images;
}

Result<std::string> picture_of(Storage& storage, const InstanceRow& row, const WantedView& wanted, const Form& form) {
  const auto object = TRY(open_values(storage, row, Call::within(kOpening)));
  return picture(*object, row, TRY(representative_frame(*object, row)), wanted, form);
}

}  // namespace

/// The first one is made at once, so that what cannot be is said; the others when their turn has come.
Result<Response> rendered_images(Storage& storage, const Request& r) {
  const auto wanted = TRY(wanted_view(r));
  const auto form = TRY(form_of(r));
  auto rows = TRY(images_of(storage, r));
  DigestOfAll digest;
  for (const auto& row : rows) digest.add(row);
  const auto etag = etag_of(r, digest.text(), form);
  if (r.knows(etag)) return net::not_modified(etag);
  const auto held = std::make_shared<const std::vector<InstanceRow>>(std::move(rows));
  const auto next =
      [&storage, held, wanted, form, root = dicom::root_of(r), n = std::size_t{0},
       first = TRY(picture_of(storage, (*held)[0], wanted, form))]() mutable -> Result<std::optional<dicom::Part>> {
    if (n == held->size()) return std::nullopt;
    const auto& row = (*held)[n++];
    auto part = dicom::held_part(std::string(form.type),
                                 n == 1 ? std::move(first) : TRY(picture_of(storage, row, wanted, form)));
    part.location = address_of(root, row) + "/rendered";
    return part;
  };
  return tagged(dicom::multipart_answer(form.type, std::nullopt, next), etag);
}

Result<Response> rendered(Storage& storage, const Request& r) {
  const auto wanted = TRY(wanted_view(r));
  const auto form = TRY(form_of(r));
  const auto row = TRY(row_of(storage, r));
  const auto etag = etag_of(r, row.digest, form);
  if (r.knows(etag)) return net::not_modified(etag);
  const auto object = TRY(open_values(storage, row, r.call()));
  std::vector<std::size_t> numbers = {TRY(representative_frame(*object, row)) + 1};
  if (const auto list = r.capture("frames"); !list.empty())
    numbers = TRY(numbers_of(list, static_cast<std::size_t>(std::max<std::int64_t>(row.frames, 1))));
  if (numbers.size() > kMostPictures)
    return fail_with({Code::invalid, fmt::format("more than {} frames are named", kMostPictures),
                      "Ask in several requests.", "frames"});
  std::vector<std::string> pictures;
  for (const auto number : numbers) pictures.push_back(TRY(picture(*object, row, number - 1, wanted, form)));
  return answer(std::move(pictures), form, etag);
}

Result<Response> thumbnail(Storage& storage, const Request& r) {
  auto wanted = TRY(wanted_view(r));
  if (wanted.view.columns == 0) wanted.view.columns = wanted.view.rows = kThumbnail;
  const auto form = TRY(form_of(r));
  if (!r.capture("frames").empty()) {
    const auto row = TRY(row_of(storage, r));
    const auto numbers = TRY(numbers_of(r.capture("frames"), static_cast<std::size_t>(row.frames)));
    const auto etag = etag_of(r, row.digest, form);
    if (r.knows(etag)) return net::not_modified(etag);
    const auto object = TRY(open_values(storage, row, r.call()));
    return answer({TRY(picture(*object, row, numbers[0] - 1, wanted, form))}, form, etag);
  }
  for (const auto& row : TRY(candidates(storage, r))) {
    const auto etag = etag_of(r, row.digest, form);
    if (r.knows(etag)) return net::not_modified(etag);
    const auto object = TRY(open_values(storage, row, r.call()));
    auto made = picture(*object, row, TRY(representative_frame(*object, row)), wanted, form);
    if (made) return answer({std::move(*made)}, form, etag);
    if (made.error().code == Code::invalid) return Failure(made.error());
  }
  return fail(Code::not_found, "nothing here has an image that can be shown");
}

}  // namespace larmor::storage
