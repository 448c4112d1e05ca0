#include "services/processing/adapters/inputs.h"

#include <fcntl.h>

#include "base/file.h"

namespace larmor::processing {
namespace {

constexpr std::size_t kPiece = 1 << 20;

// PS3.3 C.7.3.1.1.1, defined terms for what holds no images of a body.
constexpr std::array<std::string_view, 14> kNoImages = {"SR",     "DOC",    "PR", "KO",  "SEG", "REG",  "RTSTRUCT",
                                                        "RTPLAN", "RTDOSE", "AU", "ECG", "FID", "PLAN", "M3D"};

using Images = std::vector<storage::InstanceRow>;  // of one series

Result<std::vector<Images>> wanted_of(storage::Storage& storage, events::EventLog& log, const StudyUid& study) {
  std::vector<Images> wanted;
  const auto rows = TRY(storage.series(study, {}));
  const auto own = TRY(made_here(log, study));  // after the rows: each row's event is in the log by then
  for (const auto& series : rows) {
    if (own.contains(series.series.str()) || std::ranges::find(kNoImages, series.modality) != kNoImages.end()) continue;
    wanted.push_back(TRY(storage::all_instances(storage, study, series.series, {})));
  }
  return wanted;
}

Result<Fetched> lay_down(storage::Storage& storage, const std::vector<Images>& wanted, const StudyUid& study,
                         const std::filesystem::path& into, std::uint64_t room, const std::function<bool()>& go_on) {
  Fetched sum;
  for (const auto& images : wanted)
    for (const auto& instance : images) sum.bytes += instance.size;
  if (sum.bytes > room)
    return fail_with({Code::too_large,
                      fmt::format("the images of study {} take {} MiB, more than the {} MiB of a run", study,
                                  sum.bytes >> 20, room >> 20),
                      "Raise processing.scratch.", ""});
  for (const auto& images : wanted) {
    const auto folder = into / fmt::format("{:04}", ++sum.series);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail_with(file_error("make the folder", folder, error.value()));
    int number = 0;
    for (const auto& instance : images) {
      if (!go_on()) return fail(Code::cancelled, "the run was stopped while its images were fetched");
      const auto object = TRY(storage.open(instance.instance, {}));
      CHECK_OK(copy_out(*object, folder / fmt::format("{:06}.dcm", ++number)));
      ++sum.instances;
    }
  }
  return sum;
}

}  // namespace

Result<std::set<std::string>> made_here(events::EventLog& log, const StudyUid& study) {
  std::set<std::string> series;
  events::Query query{.after = 0, .limit = 5000, .study = study, .types = {"instance.stored"}};
  for (;;) {
    const auto page = TRY(log.read(query, Call::within(30s)));
    for (const auto& event : page.events)
      if (event.fields.value("way", "") == "result") series.insert(event.fields.value("series", ""));
    if (static_cast<int>(page.events.size()) < query.limit) return series;
    query.after = page.events.back().seq;
  }
}

Result<void> copy_out(storage::Object& object, const std::filesystem::path& to, std::uint64_t most) {
  const auto size = std::min(object.size(), most);
  const auto file = TRY(open_file(to, O_WRONLY | O_CREAT | O_EXCL, 0600));
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(size, kPiece)));
  for (std::uint64_t at = 0; at < size;) {
    const auto n = TRY(object.read_at(
        at, MutableBytes(piece).first(static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), size - at)))));
    if (n == 0) return fail(Code::corrupt, "an object ended after {} of {} bytes", at, size);
    CHECK_OK(write_at(file, Bytes(piece).first(n), at));
    at += n;
  }
  return {};
}

Result<Fetched> fetch_images(storage::Storage& storage, events::EventLog& log, const StudyUid& study,
                             const std::filesystem::path& into, std::uint64_t room,
                             const std::function<bool()>& go_on) {
  return lay_down(storage, TRY(wanted_of(storage, log, study)), study, into, room, go_on);
}

Result<Fetched> fetch_series(storage::Storage& storage, const StudyUid& study, const SeriesUid& series,
                             const std::filesystem::path& into, std::uint64_t room,
                             const std::function<bool()>& go_on) {
  return lay_down(storage, {TRY(storage::all_instances(storage, study, series, {}))}, study, into, room, go_on);
}

}  // namespace larmor::processing
