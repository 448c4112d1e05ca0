#include "services/processing/adapters/archive.h"

#include "base/number.h"
#include "base/text.h"
#include "dicom/data/date.h"
#include "services/processing/adapters/scans.h"

namespace larmor::processing {
namespace {

using dimse::Row;

constexpr std::size_t kMostRows = 2000;
constexpr Duration kConnect = 5s, kAnswer = 15s;  // a worker waits for a question's answer

std::string value(const Row& row, const char* keyword) {
  const auto at = row.find(keyword);
  return at == row.end() ? "" : std::string(trim(at->second));
}

/// The first of several; zero where it is no number.
double number(std::string_view text) {
  return to_number<double>(trim(text.substr(0, text.find('\\')))).value_or(0);
}
double number(const Row& row, const char* keyword) {
  return number(value(row, keyword));
}

/// The peer with its patience cut to what is left.
Result<dimse::Peer> peer_within(const Archive& archive, const Patience& patience) {
  if (!patience.go_on()) return fail(Code::cancelled, "the run was stopped");
  const auto left = std::chrono::duration_cast<Duration>(patience.until - std::chrono::steady_clock::now());
  if (left <= Duration(0))
    return fail(Code::timed_out, "{} was too slow: the time for earlier studies is over", words(archive.peer));
  auto peer = archive.peer;
  peer.connect = std::min(kConnect, left);
  peer.answer = std::min(kAnswer, left);
  return peer;
}

Row study_keys(const Scan& now) {
  Row keys{{"PatientID", std::string(trim(now.patient.reveal().id))}};
  for (const auto* wanted : {"StudyInstanceUID", "StudyDate", "PatientName", "PatientBirthDate", "PatientSex",
                             "IssuerOfPatientID", "ModalitiesInStudy"})
    keys[wanted];
  if (now.day) {  // up to that day (PS3.4 C.2.2.2.5)
    const std::chrono::year_month_day day{*now.day};
    keys["StudyDate"] = fmt::format("-{:04}{:02}{:02}", int(day.year()), unsigned(day.month()), unsigned(day.day()));
  }
  return keys;
}

/// The first two and the last are required of every archive (PS3.4 C.6.2.1), the others are a bonus.
Row series_keys(const StudyUid& study) {
  Row keys{{"StudyInstanceUID", study.str()}};
  for (const auto* wanted :
       {"SeriesInstanceUID", "Modality", "SeriesDescription", "ProtocolName", "SequenceName", "ScanningSequence",
        "MRAcquisitionType", "ImageType", "EchoTime", "InversionTime", "ContrastBolusAgent", "ManufacturerModelName",
        "MagneticFieldStrength", "PixelSpacing", "SliceThickness", "NumberOfSeriesRelatedInstances", "SeriesNumber"})
    keys[wanted];
  return keys;
}

dicom::FrameHeader frame_of(const Row& row) {
  dicom::FrameHeader frame;
  const auto spacing = split(value(row, "PixelSpacing"), '\\');
  if (spacing.size() == 2) frame.spacing = {number(spacing[0]), number(spacing[1])};
  frame.thickness = number(row, "SliceThickness");
  return frame;
}

/// The same words as a header's, so that the same judgement holds.
dicom::ImageHeader header_of(const Row& study, const Row& series) {
  dicom::ImageHeader h;
  h.study = StudyUid(value(study, "StudyInstanceUID"));
  h.series = SeriesUid(value(series, "SeriesInstanceUID"));
  dicom::SourcePatient patient;
  patient.id = value(study, "PatientID");
  patient.issuer = value(study, "IssuerOfPatientID");
  patient.name = value(study, "PatientName");
  patient.birth_date = value(study, "PatientBirthDate");
  patient.sex = value(study, "PatientSex");
  h.patient = Phi(std::move(patient));
  h.about_study.date = value(study, "StudyDate");
  h.modality = value(series, "Modality");
  h.series_number = static_cast<int>(number(series, "SeriesNumber"));
  h.series_description = value(series, "SeriesDescription");
  h.protocol = value(series, "ProtocolName");
  h.sequence_name = value(series, "SequenceName");
  h.scanning_sequence = value(series, "ScanningSequence");
  h.acquisition = value(series, "MRAcquisitionType");
  if (const auto type = value(series, "ImageType"); !type.empty()) h.image_type = split(type, '\\');
  h.echo_ms = number(series, "EchoTime");
  h.inversion_ms = number(series, "InversionTime");
  h.contrast_agent = value(series, "ContrastBolusAgent");
  h.model = value(series, "ManufacturerModelName");
  h.field_t = number(series, "MagneticFieldStrength");
  h.frames = {frame_of(series)};
  return h;
}

bool may_hold_mr(const Row& study) {
  const auto modalities = value(study, "ModalitiesInStudy");
  return modalities.empty() || modalities.find("MR") != std::string::npos;
}

/// Studies of the patient that nobody has looked into yet, the latest first.
Result<std::vector<Row>> studies_of(const Archive& archive, const Scan& now, const std::vector<Scan>& known,
                                    std::size_t most, const Patience& patience) {
  const auto peer = TRY(peer_within(archive, patience));
  auto rows = TRY(dimse::find(peer, dimse::Level::study, study_keys(now), kMostRows));
  std::erase_if(rows, [&](const Row& row) {
    const StudyUid study(value(row, "StudyInstanceUID"));
    return study.empty() || study == now.study || !may_hold_mr(row) ||
           std::ranges::find(known, study, &Scan::study) != known.end();
  });
  std::ranges::sort(rows, std::greater{}, [](const Row& row) { return value(row, "StudyDate"); });
  if (rows.size() > most) rows.resize(most);
  return rows;
}

Result<std::vector<Scan>> series_of(const Archive& archive, const Row& study, const Patience& patience) {
  const auto peer = TRY(peer_within(archive, patience));
  const auto keys = series_keys(StudyUid(value(study, "StudyInstanceUID")));
  std::vector<Scan> scans;
  for (const auto& row : TRY(dimse::find(peer, dimse::Level::series, keys, kMostRows))) {
    if (value(row, "Modality") != "MR" || value(row, "SeriesInstanceUID").empty()) continue;
    const auto images = static_cast<std::int64_t>(number(row, "NumberOfSeriesRelatedInstances"));
    scans.push_back(scan_of(header_of(study, row), images, archive.name));
  }
  return scans;
}

}  // namespace

Result<std::vector<Scan>> earlier_in_archive(const Archive& archive, const Scan& now, const std::vector<Scan>& known,
                                             const Bounds& bounds, const Patience& patience) {
  std::vector<Scan> all;
  std::size_t queries = 0;
  for (const auto& row : TRY(studies_of(archive, now, known, bounds.studies, patience))) {
    auto study = scan_of(header_of(row, {}), 0, archive.name);
    study.name.clear();
    study.unfit.clear();
    std::vector<Scan> found;
    if (why_another_patient(now.patient.reveal(), study.patient.reveal())) {
      found.push_back(std::move(study));
    } else if (queries++ < bounds.series_queries) {
      found = fitting(std::move(study), TRY(series_of(archive, row, patience)));
    }
    for (auto& scan : found) {
      scan.here = false;
      all.push_back(std::move(scan));
    }
  }
  return all;
}

Result<dimse::Moved> fetch_from(const Archive& archive, const Scan& scan, const Patience& patience) {
  auto peer = TRY(peer_within(archive, patience));
  peer.answer = std::chrono::duration_cast<Duration>(patience.until - std::chrono::steady_clock::now());
  auto moved = dimse::move(peer, dimse::Level::series,
                           {{"StudyInstanceUID", scan.study.str()}, {"SeriesInstanceUID", scan.series.str()}},
                           archive.own, [&] { return patience.go_on() && !patience.over(); });
  if (!moved && moved.error().code == Code::cancelled && patience.go_on())
    return fail(Code::timed_out, "{} was too slow: the images did not come in time", words(peer));
  return moved;
}

}  // namespace larmor::processing
