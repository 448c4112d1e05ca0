#include "dicom/objects/sr.h"

#include <dcmtk/dcmsr/cmr/cid100.h>
#include <dcmtk/dcmsr/cmr/cid244e.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/codes/dcm.h>
#include <dcmtk/dcmsr/codes/ucum.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <set>

#include "dicom/objects/document.h"
#include "dicom/objects/uid.h"

namespace larmor::dicom {
namespace {

using Report = TID1500_MeasurementReport;
using Units = CID7181_AbstractMultiDimensionalImageModelComponentUnits;
using Quantity = CID7469_GenericIntensityAndSizeMeasurements;
using Value = Report::TID1411_Measurements::MeasurementValue;

constexpr Kind kKind{"sr", UID_Comprehensive3DSRStorage, "SR", 9102, "Larmor brain volumes"};
constexpr imaging::Code kIntracranial{"128319008", "SCT", "Intracranial structure"};

OFString of(std::string_view text) {
  return {text.data(), text.size()};
}
DSRCodedEntryValue coded(const imaging::Code& code) {
  return DSRCodedEntryValue(of(code.value), of(code.scheme), of(code.meaning));
}
CID244e_Laterality side_of(imaging::Side side) {
  if (side == imaging::Side::left) return CID244e_Laterality(CID244e_Laterality::Left);
  if (side == imaging::Side::right) return CID244e_Laterality(CID244e_Laterality::Right);
  return {};
}
Value millilitres(double ml) {
  return Value(of(fmt::format("{:.3f}", ml)), Units(DSRCodedEntryValue("ml", "UCUM", "milliliter")));
}

/// Fills in a report; the first thing DCMTK refuses is kept and ends the rest.
class Writer {
 public:
  Writer(const SourceSeries& source, const Segmentation& seg, const Maker& maker, const std::string& population)
      : source_(source),
        seg_(seg),
        maker_(maker),
        population_(population),
        report_(CID7021_MeasurementReportDocumentTitles::ImagingMeasurementReport) {}

  void header(DcmItem& example) {
    note(report_.setLanguage(CID5000_Languages::English));
    note(report_.getObservationContext().addDeviceObserver(
        of(uid_from({"larmor", "device", maker_.pipeline, maker_.version, maker_.weights})),
        of(plain_words(maker_.algorithm, 64)), "Larmor", of(plain_words("Larmor " + maker_.pipeline, 64)),
        of(plain_words(maker_.weights.empty() ? "none" : maker_.weights, 64))));
    note(report_.addProcedureReported(
        CID100_QuantitativeDiagnosticImagingProcedures(DSRCodedEntryValue("24590-2", "LN", "MR Brain"))));
    auto& library = report_.getImageLibrary();
    note(library.createNewImageLibrary());
    note(library.addImageGroup());
    std::set<std::string> seen;
    for (const auto& slice : source_.slices) {
      if (!seen.insert(slice.instance.str()).second) continue;
      DcmDataset image;
      image.putAndInsertString(DCM_SOPClassUID, slice.sop_class.str().c_str());
      image.putAndInsertString(DCM_SOPInstanceUID, slice.instance.str().c_str());
      note(library.addImageEntry(image, TID1600_ImageLibrary::withoutDescriptors));
    }
    TID1600_ImageLibrary::ConceptNameList wanted;
    wanted.push_back(CODE_DCM_Modality);
    wanted.push_back(CODE_DCM_StudyDate);
    wanted.push_back(CODE_DCM_FrameOfReferenceUID);
    wanted.push_back(CODE_DCM_PixelDataRows);
    wanted.push_back(CODE_DCM_PixelDataColumns);
    note(library.addImageGroupDescriptors(example, TID1600_ImageLibrary::withSelectedDescriptors, wanted));
  }

  void volume(const MeasuredVolume& measured, const imaging::Structure& structure) {
    const auto segment = std::find_if(seg_.segments.begin(), seg_.segments.end(),
                                      [&](const Segment& s) { return s.structure == measured.structure; });
    if (segment == seg_.segments.end()) {  // nothing was segmented: a volume of 0 has no segment to point at
      single(imaging::full_name(structure), structure.key, coded(structure.type), side_of(structure.side), measured.ml);
      return;
    }
    note(report_.addVolumetricROIMeasurements());
    auto& group = report_.getVolumetricROIMeasurements();
    note(group.setTrackingIdentifier(of(segment->tracking_id)));
    note(group.setTrackingUniqueIdentifier(of(segment->tracking_uid)));
    DSRImageReferenceValue reference(of(seg_.object.sop_class.str()), of(seg_.object.instance.str()));
    reference.getSegmentList().addItem(segment->number);
    note(group.setReferencedSegment(reference));
    note(group.setSourceSeriesForSegmentation(of(source_.series.str())));
    note(group.addFindingSite(coded(structure.type), side_of(structure.side)));
    note(group.addMeasurement(Quantity(Quantity::Volume), millilitres(measured.ml)));
    note(group.getMeasurement().setAlgorithmIdentification(of(plain_words(maker_.algorithm, 64)), of(maker_.version)));
    if (measured.ranking) ranking(group, *measured.ranking);
    if (!measured.confidence) return;
    note(group.addMeasurement(Quantity(DSRCodedEntryValue("confidence", "99LARMOR", "Mean confidence of the network")),
                              Value(of(fmt::format("{:.3f}", *measured.confidence)), Units(Units::NoUnits))));
    note(group.getMeasurement().setAlgorithmIdentification(of(plain_words(maker_.algorithm, 64)), of(maker_.version)));
  }

  void intracranial(double ml) { single("intracranial volume", "intracranial", coded(kIntracranial), {}, ml); }

  void remarks(const std::vector<std::string>& remarks) {
    for (const auto& remark : remarks)
      note(report_.addQualitativeEvaluation(CODE_DCM_Comment, of(plain_words(remark, 1024))));
  }

  void quality(const std::vector<std::string>& flags) {
    for (const auto& flag : flags)
      note(report_.addQualitativeEvaluation(CODE_DCM_QualityAssessment, of(plain_words(flag, 1024))));
    if (flags.empty()) note(report_.addQualitativeEvaluation(CODE_DCM_QualityAssessment, "No quality flag was raised"));
    note(report_.addQualitativeEvaluation(CODE_DCM_Comment, of(kNotADevice)));
  }

  Result<void> write(DcmDataset& dataset) {
    DSRDocument document;
    note(document.setTreeFromRootTemplate(report_));
    auto& evidence = document.getCurrentRequestedProcedureEvidence();
    std::set<std::string> seen;
    for (const auto& slice : source_.slices)
      if (seen.insert(slice.instance.str()).second)
        note(evidence.addItem(of(source_.study.str()), of(source_.series.str()), of(slice.sop_class.str()),
                              of(slice.instance.str())));
    note(evidence.addItem(of(source_.study.str()), of(seg_.object.series.str()), of(seg_.object.sop_class.str()),
                          of(seg_.object.instance.str())));
    auto& schemes = document.getCodingSchemeIdentification();
    note(schemes.addItem("99LARMOR"));
    note(schemes.setCodingSchemeName("Larmor"));
    note(schemes.setCodingSchemeResponsibleOrganization("Larmor"));
    note(document.completeDocument());
    note(document.write(dataset));
    if (status_.bad()) return fail(Code::internal, "cannot write the structured report: {}", status_.text());
    return {};
  }

 private:
  void note(const OFCondition& done) {
    if (done.bad() && status_.good()) status_ = done;
  }

  void ranking(Report::TID1411_Measurements& group, const Ranking& r) {
    const auto number = [](double v, const Units& unit) { return Value(of(fmt::format("{:.2f}", v)), unit); };
    const CID6147_ResponseCriteria method(DSRCodedEntryValue("norm", "99LARMOR", of(plain_words(population_, 64))));
    note(group.addMeasurement(Quantity(CODE_DCM_ZScoreOfMeasurement), number(r.z, Units(Units::NoUnits))));
    note(group.getMeasurement().setMeasurementMethod(method));
    note(group.addMeasurement(Quantity(CODE_DCM_PercentileRankingOfMeasurement),
                              number(r.centile, Units(Units::Percent))));
    note(group.getMeasurement().setMeasurementMethod(method));
    for (const auto& [end, value] : {std::pair{"low", r.low}, std::pair{"high", r.high}})
      note(group.getMeasurement().addDerivationParameter(
          DSRCodedEntryValue(of(fmt::format("percentile_{}", end)), "99LARMOR",
                             of(fmt::format("Percentile, {} end of the method's range", end))),
          number(value, Units(Units::Percent))));
  }

  void single(const std::string& name, std::string_view key, const DSRCodedEntryValue& site,
              const CID244e_Laterality& side, double ml) {
    note(report_.addIndividualMeasurements());
    auto& group = report_.getIndividualMeasurements();
    note(group.setTrackingIdentifier(of(name)));
    note(group.setTrackingUniqueIdentifier(
        of(uid_from({"larmor", "tracking", source_.series.str(), maker_.pipeline, key}))));
    note(group.addFindingSite(site, side));
    note(group.addMeasurement(Quantity(Quantity::Volume), millilitres(ml)));
  }

  const SourceSeries& source_;
  const Segmentation& seg_;
  const Maker& maker_;
  const std::string& population_;
  Report report_;
  OFCondition status_ = EC_Normal;
};

}  // namespace

Result<Object> write_sr(const SourceSeries& source, const Measurements& measurements, const Segmentation& seg,
                        const Maker& maker) {
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind);
  Writer writer(source, seg, maker, measurements.population);
  writer.header(*example->getDataset());
  for (const auto& volume : measurements.volumes) {
    const auto* structure = imaging::structure(volume.structure);
    if (!structure) return fail(Code::invalid, "cannot report structure {}: it has no code", volume.structure);
    writer.volume(volume, *structure);
  }
  if (measurements.intracranial_ml) writer.intracranial(*measurements.intracranial_ml);
  writer.remarks(measurements.remarks);
  writer.quality(measurements.quality);

  Document document;
  CHECK_OK(writer.write(document.dataset()));
  // DCMTK made up UIDs and took today's date; ours are a function of the input.
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  root.text(DCM_InstanceNumber, "1");
  root.text(DCM_ContentDate, id.date);
  root.text(DCM_ContentTime, id.time);
  return document.finish();
}

}  // namespace larmor::dicom
