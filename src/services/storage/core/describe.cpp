#include "services/storage/core/describe.h"

#include "base/text.h"
#include "dicom/data/number.h"
#include "dicom/data/text.h"
#include "dicom/data/uid.h"
#include "dicom/query/attributes.h"
#include "dicom/query/model.h"

namespace larmor::storage {
namespace {

namespace tag = dicom::tag;

constexpr dicom::Tag kModalitiesInStudy = 0x00080061, kSopClassesInStudy = 0x00080062, kRows = 0x00280010,
                     kColumns = 0x00280011, kBitsAllocated = 0x00280100;

/// What the rows hold, in ascending order.
constexpr std::array kInRows = {tag::kSpecificCharacterSet,
                                tag::kSopClassUid,
                                tag::kSopInstanceUid,
                                tag::kStudyDate,
                                tag::kStudyTime,
                                tag::kAccessionNumber,
                                tag::kModality,
                                tag::kManufacturer,
                                tag::kStudyDescription,
                                tag::kSeriesDescription,
                                tag::kModel,
                                tag::kPatientName,
                                tag::kPatientId,
                                tag::kPatientBirthDate,
                                tag::kPatientSex,
                                tag::kPatientAge,
                                tag::kBodyPart,
                                tag::kProtocolName,
                                tag::kStudyInstanceUid,
                                tag::kSeriesInstanceUid,
                                tag::kSeriesNumber,
                                tag::kInstanceNumber,
                                tag::kImagePosition,
                                tag::kImageOrientation,
                                tag::kNumberOfFrames};

/// Attributes that are kept only for being asked for: those of the table that no row holds.
const std::vector<const dicom::Attribute*>& in_more() {
  static const auto found = [] {
    std::vector<const dicom::Attribute*> list;
    for (const auto& a : dicom::attributes())
      if (a.level != dicom::Level::instance && a.inside == 0 && a.matching != dicom::Matching::none &&
          std::find(kInRows.begin(), kInRows.end(), a.tag) == kInRows.end() && a.tag != kModalitiesInStudy &&
          a.tag != kSopClassesInStudy)
        list.push_back(&a);
    return list;
  }();
  return found;
}

const std::vector<dicom::Tag>& wanted() {
  static const auto tags = [] {
    std::vector<dicom::Tag> list(kInRows.begin(), kInRows.end());
    for (const auto* a : in_more()) list.push_back(a->tag);
    list.insert(list.end(), {kRows, kColumns, kBitsAllocated});
    std::sort(list.begin(), list.end());
    return list;
  }();
  return tags;
}

Result<std::string> uid(const dicom::Header& header, std::string_view value, std::string_view name,
                        std::string_view tag) {
  if (dicom::is_uid(value)) return std::string(value);
  const auto broken = header.end == dicom::End::cut || header.end == dicom::End::malformed;
  return fail_with({Code::corrupt,
                    fmt::format("the object has {} {} {}{}{}", value.empty() ? "no" : "an unusable", name, tag,
                                broken ? ": " : "", broken ? header.remark : ""),
                    broken ? "Ask the sender to send it again." : "Without it the object could not be found again.",
                    std::string(name)});
}

/// N decimal strings, or nothing.
template <std::size_t N>
std::optional<std::array<double, N>> decimals(std::string_view text) {
  std::array<double, N> values{};
  for (std::size_t i = 0; i < N; ++i) {
    const auto end = std::min(text.find('\\'), text.size());
    const auto value = dicom::number_of<double>(text.substr(0, end));
    if (!value) return std::nullopt;
    values[i] = *value;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

std::optional<double> along_normal(std::string_view position, std::string_view orientation) {
  const auto p = decimals<3>(position);
  const auto o = decimals<6>(orientation);
  if (!p || !o) return std::nullopt;
  const auto& a = *o;
  const double normal[] = {a[1] * a[5] - a[2] * a[4], a[2] * a[3] - a[0] * a[5], a[0] * a[4] - a[1] * a[3]};
  return normal[0] * (*p)[0] + normal[1] * (*p)[1] + normal[2] * (*p)[2];
}

/// Items with what may be asked for inside them, with commas between.
std::string items_of(const dicom::Header& header, const dicom::Attribute& sequence, std::string_view charset) {
  std::vector<const dicom::Attribute*> inside;
  std::vector<dicom::Tag> tags;
  for (const auto& a : dicom::attributes())
    if (a.inside == sequence.tag) {
      inside.push_back(&a);
      tags.push_back(a.tag);
    }
  std::string items;
  for (const auto& found : header.items(sequence.tag, tags)) {
    std::string item = "{";
    for (const auto* a : inside) {
      dicom::append_key(item, a->tag);
      dicom::append_element(item, a->vr, dicom::to_utf8(trim(found[a->tag]), charset));
    }
    items += (items.empty() ? "" : ",") + item + "}";
  }
  return items;
}

std::string more_of(const dicom::Header& header, dicom::Level level, std::string_view charset) {
  std::string more = "{";
  for (const auto* a : in_more()) {
    if (a->level != level) continue;
    if (a->matching == dicom::Matching::sequence) {
      const auto items = items_of(header, *a, charset);
      if (items.empty()) continue;
      dicom::append_key(more, a->tag);
      more += "{\"vr\":\"SQ\",\"Value\":[" + items + "]}";
    } else if (const auto value = trim(header[a->tag]); !value.empty()) {
      dicom::append_key(more, a->tag);
      dicom::append_element(more, a->vr, dicom::to_utf8(value, charset, a->vr == "PN"));
    }
  }
  return more.size() > 1 ? more + "}" : "";
}

}  // namespace

Result<Described> describe(Bytes front, std::uint64_t size, std::string digest) {
  const auto header = TRY(dicom::scan(front, wanted()));
  const auto charset = header[tag::kSpecificCharacterSet];
  const auto text = [&](dicom::Tag tag) { return dicom::to_utf8(trim(header[tag]), charset); };
  const auto or_else = [](std::string_view first, std::string_view second) { return first.empty() ? second : first; };

  Described d;
  auto& instance = d.instance;
  instance.instance = SopUid(
      TRY(uid(header, or_else(header[tag::kSopInstanceUid], header.media_instance), "SOPInstanceUID", "(0008,0018)")));
  instance.series = SeriesUid(TRY(uid(header, header[tag::kSeriesInstanceUid], "SeriesInstanceUID", "(0020,000E)")));
  instance.study = StudyUid(TRY(uid(header, header[tag::kStudyInstanceUid], "StudyInstanceUID", "(0020,000D)")));
  instance.sop_class = SopClassUid(dicom::to_utf8(or_else(header[tag::kSopClassUid], header.media_class), ""));
  instance.transfer_syntax = TransferSyntaxUid(dicom::to_utf8(header.transfer_syntax, ""));
  instance.number = dicom::number_of<std::int64_t>(header[tag::kInstanceNumber]).value_or(0);
  instance.frames = std::max<std::int64_t>(dicom::number_of<std::int64_t>(header[tag::kNumberOfFrames]).value_or(1), 1);
  instance.size = size;
  instance.digest = std::move(digest);

  d.rows = header.short_number(kRows).value_or(0);
  d.columns = header.short_number(kColumns).value_or(0);
  d.bits_allocated = header.short_number(kBitsAllocated).value_or(0);
  d.more_of_study = more_of(header, dicom::Level::study, charset);
  d.more_of_series = more_of(header, dicom::Level::series, charset);

  d.modality = text(tag::kModality);
  d.orientation = text(tag::kImageOrientation);
  d.position_mm = along_normal(header[tag::kImagePosition], header[tag::kImageOrientation]);
  d.series = {.series = instance.series,
              .modality = d.modality,
              .description = text(tag::kSeriesDescription),
              .body_part = text(tag::kBodyPart),
              .protocol = text(tag::kProtocolName),
              .manufacturer = text(tag::kManufacturer),
              .model = text(tag::kModel),
              .number = dicom::number_of<std::int64_t>(header[tag::kSeriesNumber]).value_or(0),
              .instances = 1,
              .first = instance.instance};
  auto& study = d.study;
  study.study = instance.study;
  study.patient_name = Phi(dicom::to_utf8(header[tag::kPatientName], charset, true));
  study.patient_id = Phi(text(tag::kPatientId));
  study.birth_date = Phi(text(tag::kPatientBirthDate));
  study.sex = text(tag::kPatientSex);
  study.age = text(tag::kPatientAge);
  study.date = text(tag::kStudyDate);
  study.time = text(tag::kStudyTime);
  study.accession = Phi(text(tag::kAccessionNumber));
  study.description = text(tag::kStudyDescription);
  return d;
}

}  // namespace larmor::storage
