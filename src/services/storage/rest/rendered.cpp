#include "services/storage/rest/rendered.h"

#include <algorithm>

#include "dicom/web/multipart.h"
#include "services/storage/adapters/frame.h"
#include "services/storage/rest/frames.h"
#include "services/storage/rest/resources.h"
#include "services/storage/rest/view.h"

namespace larmor::storage {
namespace {

using net::Request;
using net::Response;

constexpr std::string_view kJpeg = "image/jpeg", kPng = "image/png";
constexpr std::size_t kMostPictures = 100;  // of one request: all of them are in memory
constexpr int kThumbnail = 200;             // columns and rows
constexpr std::size_t kMostTries = 12;      // objects looked at for a thumbnail

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
  response.headers.emplace("etag", etag);
  response.headers.emplace("vary", "accept");
  return response;
}

/// Of the object, and of everything that the caller can choose.
std::string etag_of(const Request& r, const InstanceRow& row, const Form& form) {
  auto choice = fmt::format("{} {} {}", r.path, form.type, form.multipart);
  for (const auto& [name, value] : r.query) choice += fmt::format("&{}={}", name, value);
  return fmt::format("\"{}-{:x}\"", row.digest, std::hash<std::string>{}(choice));
}

std::optional<Response> unchanged(const Request& r, const std::string& etag) {
  if (r.header("if-none-match") != etag) return std::nullopt;
  Response response;
  response.status = 304;
  response.headers = {{"etag", etag}};
  return response;
}

/// Objects that may have an image, the likeliest first: the middle of the largest series.
Result<std::vector<InstanceRow>> candidates(Storage& storage, const Request& r) {
  std::map<SeriesUid, std::vector<InstanceRow>> by_series;
  for (auto& row : TRY(rows_of(storage, r))) by_series[row.series].push_back(std::move(row));
  std::vector<std::vector<InstanceRow>> series;
  for (auto& [uid, rows] : by_series) series.push_back(std::move(rows));
  std::stable_sort(series.begin(), series.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::vector<InstanceRow> likeliest;
  for (auto& rows : series) {
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    likeliest.push_back(rows[rows.size() / 2]);
    if (likeliest.size() == kMostTries) break;
  }
  return likeliest;
}

}  // namespace

Result<Response> rendered(Storage& storage, const Request& r) {
  const auto wanted = TRY(wanted_view(r));
  const auto form = TRY(form_of(r));
  const auto row = TRY(rows_of(storage, r))[0];
  const auto etag = etag_of(r, row, form);
  if (auto same = unchanged(r, etag)) return *same;
  const auto object = TRY(storage.open(row.instance, r.call()));
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
    const auto row = TRY(rows_of(storage, r))[0];
    const auto numbers = TRY(numbers_of(r.capture("frames"), static_cast<std::size_t>(row.frames)));
    const auto etag = etag_of(r, row, form);
    if (auto same = unchanged(r, etag)) return *same;
    const auto object = TRY(storage.open(row.instance, r.call()));
    return answer({TRY(picture(*object, row, numbers[0] - 1, wanted, form))}, form, etag);
  }
  for (const auto& row : TRY(candidates(storage, r))) {
    const auto etag = etag_of(r, row, form);
    if (auto same = unchanged(r, etag)) return *same;
    const auto object = TRY(storage.open(row.instance, r.call()));
    auto made = picture(*object, row, TRY(representative_frame(*object, row)), wanted, form);
    if (made) return answer({std::move(*made)}, form, etag);
    if (made.error().code == Code::invalid) return Failure(made.error());
  }
  return fail(Code::not_found, "nothing here has an image that can be shown");
}

}  // namespace larmor::storage
