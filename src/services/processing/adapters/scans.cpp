#include "services/processing/adapters/scans.h"

#include "base/text.h"
#include "dicom/data/date.h"
#include "dicom/series/choose.h"
#include "dicom/series/scan.h"
#include "services/processing/adapters/inputs.h"

namespace larmor::processing {
namespace {

constexpr std::uint64_t kLargestHeader = 16 << 20;
constexpr std::size_t kMostSeries = 40, kMostSeriesTold = 5;  // of one study
constexpr int kPage = 200, kMostPages = 10;                   // of the search for a patient
constexpr std::int64_t kFewestImages = 20;

// MR Image, Enhanced MR Image, Legacy Converted Enhanced MR Image (PS3.4 B.5).
constexpr std::array<std::string_view, 3> kMrImages = {"1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1",
                                                       "1.2.840.10008.5.1.4.1.1.4.4"};

std::array<double, 3> voxel_of(const dicom::ImageHeader& h) {
  if (h.frames.empty() || !h.frames.front().spacing) return {};
  const auto& frame = h.frames.front();
  return {(*frame.spacing)[0], (*frame.spacing)[1], frame.thickness};
}

std::string why_unfit(const dicom::ImageHeader& h, const dicom::Likeness& like, std::int64_t images) {
  if (!like.possible) return like.said;
  const auto& known = h.sop_class.str();
  if (!known.empty() && std::ranges::find(kMrImages, known) == kMrImages.end()) return "holds no MR images";
  // An archive that counts one object may mean one with many frames.
  const bool one_object = known.empty() && images == 1;
  const auto planes = h.multiframe ? static_cast<std::int64_t>(h.frames.size()) : images;
  if (planes > 0 && planes < kFewestImages && !one_object) return fmt::format("has only {} images", planes);
  return "";
}

Result<Scan> scan_of_stored(storage::Storage& storage, const storage::SeriesRow& row,
                            const std::filesystem::path& scratch) {
  const auto file = scratch / "header.dcm";
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  const auto object = TRY(storage.open(row.first, {}));
  CHECK_OK(copy_out(*object, file, kLargestHeader));
  const auto header = dicom::read_image_header(file);
  if (header) return scan_of(*header, row.instances, kStorage);
  Scan damaged;
  damaged.name = fmt::format("series {}", row.number);
  damaged.unfit = "cannot be read";
  return damaged;
}

/// The studies of that PatientID, the latest first.
Result<std::vector<storage::StudyRow>> studies_of(storage::Storage& storage, const Scan& now, std::size_t most) {
  const auto id = std::string(trim(now.patient.reveal().id));
  std::vector<storage::StudyRow> found;
  storage::StudyQuery query{.text = id, .after = "", .limit = kPage};
  for (int page = 0; page < kMostPages; ++page) {
    auto rows = TRY(storage.studies(query, Call::within(30s)));
    for (auto& row : rows.studies)
      if (row.study != now.study && trim(row.patient_id.reveal()) == id &&
          row.modalities.find("MR") != std::string::npos)
        found.push_back(std::move(row));
    if (rows.next.empty()) break;
    query.after = rows.next;
  }
  std::ranges::sort(found, std::greater{}, &storage::StudyRow::date);
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace

Scan scan_of(const dicom::ImageHeader& h, std::int64_t images, std::string_view where) {
  const auto like = dicom::t1_likeness(h);
  const auto& p = h.patient.reveal();
  Scan s;
  s.study = h.study;
  s.series = h.series;
  s.where = where;
  s.patient = Phi(Identity{p.id, p.issuer, p.name, p.birth_date, p.sex});
  s.day = dicom::day_of(h.about_study.date);
  s.name = dicom::series_name(h);
  s.unfit = why_unfit(h, like, images);
  s.t1 = like.t1;
  if (!h.image_type.empty()) s.derived = like.derived;
  if (!h.sop_class.empty() || like.agent) s.agent = like.agent;  // an archive that does not tell it may have one
  s.model = h.model;
  s.field_t = h.field_t;
  s.mm = voxel_of(h);
  return s;
}

Result<std::vector<Scan>> scans_of(storage::Storage& storage, events::EventLog& log, const StudyUid& study,
                                   const std::filesystem::path& scratch) {
  std::vector<Scan> scans;
  const auto rows = TRY(storage.series(study, {}));
  const auto own = TRY(made_here(log, study));
  for (const auto& row : rows) {
    if (row.modality != "MR" || own.contains(row.series.str()) || scans.size() == kMostSeries) continue;
    auto scan = TRY(scan_of_stored(storage, row, scratch));
    scan.study = study;
    scan.series = row.series;
    scan.where = kStorage;
    scans.push_back(std::move(scan));
  }
  return scans;
}

Result<std::vector<Scan>> earlier_in_storage(storage::Storage& storage, events::EventLog& log, const Scan& now,
                                             const std::filesystem::path& scratch, std::size_t most_studies) {
  std::vector<Scan> all;
  for (const auto& row : TRY(studies_of(storage, now, most_studies))) {
    Scan study;
    study.study = row.study;
    study.where = kStorage;
    study.patient =
        Phi(Identity{row.patient_id.reveal(), "", row.patient_name.reveal(), row.birth_date.reveal(), row.sex});
    study.day = dicom::day_of(row.date);
    if (why_another_patient(now.patient.reveal(), study.patient.reveal())) {
      all.push_back(std::move(study));
      continue;
    }
    auto scans = TRY(scans_of(storage, log, row.study, scratch));
    std::ranges::move(fitting(std::move(study), std::move(scans)), std::back_inserter(all));
  }
  return all;
}

std::vector<Scan> fitting(Scan study, std::vector<Scan> series) {
  if (series.empty()) return series;
  std::vector<std::string> why;
  for (const auto& s : series) why.push_back(fmt::format("{} {}", s.name, s.unfit));
  std::erase_if(series, [](const Scan& s) { return !s.unfit.empty(); });
  if (!series.empty()) return series;
  if (why.size() > kMostSeriesTold) why.resize(kMostSeriesTold);
  study.unfit = fmt::format("has no T1-weighted head ({})", fmt::join(why, ", "));
  return {std::move(study)};
}

}  // namespace larmor::processing
