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
constexpr imaging::Code kBrain{"12738006", "SCT", "Brain"};
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
DSRCodedEntryValue own(std::string_view key, std::string_view meaning) {
  return DSRCodedEntryValue(of(key), "99LARMOR", of(plain_words(meaning, 64)));
}
Value number(double v, const DSRCodedEntryValue& unit) {
  return Value(of(fmt::format("{:.3f}", v)), Units(unit));
}
const DSRCodedEntryValue kMillilitres("ml", "UCUM", "milliliter"), kPercent("%", "UCUM", "percent"),
    kYears("a", "UCUM", "year"), kPercentAYear("%/a", "UCUM", "percent per year"), kRatio("1", "UCUM", "no units");
const DSRCodedEntryValue kDeviation("386136009", "SCT", "Standard Deviation");
Value millilitres(double ml) {
  return number(ml, kMillilitres);
}
/// YYYY-MM-DD.
std::string day_words(const std::string& date) {
  return date.size() == 8 ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6) : "an unknown day";
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
    note(report_.getImageLibrary().createNewImageLibrary());
    images(source_, example);
  }

  void images(const SourceSeries& series, DcmItem& example) {
    auto& library = report_.getImageLibrary();
    note(library.addImageGroup());
    std::set<std::string> seen;
    for (const auto& slice : series.slices) {
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

  void sum(const MeasuredSum& sum) {
    single(sum.name + " (sum)", sum.name, coded(sum.site), {}, sum.ml);
    if (sum.ranking) ranking(report_.getIndividualMeasurements(), *sum.ranking);
  }

  void part(const MeasuredPart& part) { single(part.name, part.name, coded(part.site), side_of(part.side), part.ml); }

  void index(const Index& index) {
    auto& group = begin(index.name, index.key, coded(kBrain));
    note(group.addMeasurement(Quantity(own(index.key, index.name)),
                              number(index.value, index.percent ? kPercent : kRatio)));
  }

  void since(const SincePrior& since) {
    for (const auto& change : since.changes) {
      changed(since, change);
      if (&change == &since.changes.front()) evaluated(since);
    }
  }

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

  Result<void> write(DcmDataset& dataset, const SourceSeries* prior) {
    DSRDocument document;
    note(document.setTreeFromRootTemplate(report_));
    auto& evidence = document.getCurrentRequestedProcedureEvidence();
    list(source_, evidence);
    if (prior) list(*prior, document.getPertinentOtherEvidence());
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

  /// About the whole of the comparison: in the group of what changed first.
  void evaluated(const SincePrior& since) {
    auto& group = report_.getIndividualMeasurements();
    note(group.addQualitativeEvaluation(own("ageing", "Change against normal ageing"),
                                        of(plain_words(since.verdict, 1024))));
    if (const auto* prior = since.prior)
      note(group.addQualitativeEvaluation(
          own("prior", "Earlier scan"),
          of(plain_words(fmt::format("Series {} of study {}, scanned on {}", prior->series.str(), prior->study.str(),
                                     day_words(prior->about_study.date)),
                         1024))));
    for (const auto& warning : since.warnings)
      note(group.addQualitativeEvaluation(CODE_DCM_QualityAssessment, of(plain_words(warning, 1024))));
  }

  void list(const SourceSeries& series, DSRSOPInstanceReferenceList& evidence) {
    std::set<std::string> seen;
    for (const auto& slice : series.slices)
      if (seen.insert(slice.instance.str()).second)
        note(evidence.addItem(of(series.study.str()), of(series.series.str()), of(slice.sop_class.str()),
                              of(slice.instance.str())));
  }

  void changed(const SincePrior& since, const MeasuredChange& c) {
    auto& group = begin("change of " + c.name, "change of " + c.name + (since.prior ? since.prior->series.str() : ""),
                        coded(c.site));
    note(group.setMeasurementMethod(CID6147_ResponseCriteria(own("method", since.method))));
    const auto deviating = [&](const DSRCodedEntryValue& quantity, double value, double error,
                               const DSRCodedEntryValue& unit) {
      note(group.addMeasurement(Quantity(quantity), number(value, unit)));
      note(group.getMeasurement().addDerivationParameter(kDeviation, number(error, unit)));
    };
    const auto plain = [&](const DSRCodedEntryValue& quantity, double value, const DSRCodedEntryValue& unit) {
      note(group.addMeasurement(Quantity(quantity), number(value, unit)));
    };
    deviating(c.name == "brain" ? own("pbvc", "Percentage brain volume change")
                                : own("percent_change", "Percent change of volume"),
              c.percent, c.error, kPercent);
    plain(own("percent_of_first", "Percent change of the first volume"), c.percent_of_first, kPercent);
    plain(own("first_volume", "Volume in the earlier scan, halfway"), c.first_ml, kMillilitres);
    plain(own("second_volume", "Volume in this scan, halfway"), c.second_ml, kMillilitres);
    if (!since.years) return;
    deviating(own("percent_per_year", "Percent change of volume per year"), c.percent / *since.years,
              c.error / *since.years, kPercentAYear);
    plain(CODE_DCM_LongitudinalTemporalOffsetFromEvent, *since.years, kYears);
  }

  template <class Group>
  void ranking(Group& group, const Ranking& r) {
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

  Report::TID1501_Measurements& begin(const std::string& name, std::string_view key, const DSRCodedEntryValue& site,
                                      const CID244e_Laterality& side = {}) {
    note(report_.addIndividualMeasurements());
    auto& group = report_.getIndividualMeasurements();
    note(group.setTrackingIdentifier(of(name)));
    note(group.setTrackingUniqueIdentifier(
        of(uid_from({"larmor", "tracking", source_.series.str(), maker_.pipeline, key}))));
    note(group.addFindingSite(site, side));
    return group;
  }

  void single(const std::string& name, std::string_view key, const DSRCodedEntryValue& site,
              const CID244e_Laterality& side, double ml) {
    note(begin(name, key, site, side).addMeasurement(Quantity(Quantity::Volume), millilitres(ml)));
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
  for (const auto& sum : measurements.sums) writer.sum(sum);
  for (const auto& part : measurements.parts) writer.part(part);
  for (const auto& index : measurements.indices) writer.index(index);
  const auto* prior = measurements.since ? measurements.since->prior : nullptr;
  if (prior) writer.images(*prior, *TRY(open_header(prior->example))->getDataset());
  if (measurements.since) writer.since(*measurements.since);
  writer.remarks(measurements.remarks);
  writer.quality(measurements.quality);

  Document document;
  CHECK_OK(writer.write(document.dataset(), prior));
  // DCMTK made up UIDs and took today's date; ours are a function of the input.
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  root.text(DCM_InstanceNumber, "1");
  return document.finish();
}

}  // namespace larmor::dicom
