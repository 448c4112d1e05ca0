#include "services/processing/brain/fhir.h"

#include "dicom/objects/uid.h"
#include "imaging/structures.h"
#include "services/processing/brain/codes.h"
#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

struct System {
  std::string_view scheme;  ///< DICOM's
  const char* url;
};
constexpr std::array kSystems = {System{"SCT", "http://snomed.info/sct"},
                                 System{"DCM", "http://dicom.nema.org/resources/ontology/DCM"},
                                 System{"99LARMOR", "urn:larmor:99LARMOR"}};

constexpr imaging::Code kVolume{"118565006", "SCT", "Volume"};
constexpr imaging::Code kDeviation{"386136009", "SCT", "Standard Deviation"};
constexpr imaging::Code kCentile{"121415", "DCM", "Percentile Ranking of measurement"};
constexpr imaging::Code kZ{"121416", "DCM", "Z-Score of measurement"};
constexpr imaging::Code kInterval{"128740", "DCM", "Longitudinal Temporal Offset from Event"};

Json concept_of(const imaging::Code& code, const std::string& text = {}) {
  Json coding{{"code", code.value}, {"display", code.meaning}};
  for (const auto& system : kSystems)
    if (system.scheme == code.scheme) coding["system"] = system.url;
  return {{"coding", {coding}}, {"text", text.empty() ? std::string(code.meaning) : text}};
}

/// UCUM (https://ucum.org).
Json quantity(double value, const char* unit) {
  return {{"value", value}, {"unit", unit}, {"system", "http://unitsofmeasure.org"}, {"code", unit}};
}

Json component(const imaging::Code& code, double value, const char* unit) {
  return {{"code", concept_of(code)}, {"valueQuantity", quantity(value, unit)}};
}

/// YYYY-MM-DD of DICOM's DA; empty where it is none.
std::string day(const std::string& date) {
  return day_of(date) ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6) : "";
}

Json study_reference(const dicom::SourceSeries& s) {
  return {{"type", "ImagingStudy"},
          {"identifier", {{"system", "urn:dicom:uid"}, {"value", "urn:oid:" + s.study.str()}}}};
}

Json patient_reference(const dicom::SourcePatient& p) {
  Json identifier{{"value", p.id}};
  if (!p.issuer.empty()) identifier["assigner"] = {{"display", p.issuer}};
  return {{"type", "Patient"}, {"identifier", identifier}};
}

class Bundle {
 public:
  Bundle(const Findings& found, const dicom::Measurements& m, const dicom::SourceSeries* source)
      : f_(found), m_(m), source_(source) {}

  Json make() {
    for (const auto& v : m_.volumes) structure(v);
    if (m_.intracranial_ml)
      volume("intracranial", "intracranial volume", site_of("intracranial"), *m_.intracranial_ml, {});
    for (const auto& s : m_.sums) volume(s.name + " (sum)", s.name, s.site, s.ml, s.ranking);
    for (const auto& p : m_.parts) volume(p.name, p.name, p.site, p.ml, {});
    for (const auto& i : m_.indices)
      begin(i.key, {i.key, "99LARMOR", i.name}, i.name, site_of("brain"))["valueQuantity"] =
          quantity(rounded(i.value), i.percent ? "%" : "1");
    if (m_.since)
      for (const auto& c : m_.since->changes) change(*m_.since, c);
    return {{"resourceType", "Bundle"}, {"type", "collection"}, {"entry", entries_}};
  }

 private:
  /// Everything that all observations have in common; the reference lives until the next one begins.
  Json& begin(const std::string& key, const imaging::Code& code, const std::string& text, const imaging::Code& site,
              const std::string& site_text = {}) {
    const auto series = source_ ? source_->series.str() : "";
    Json o{{"resourceType", "Observation"},
           {"status", "preliminary"},
           {"category",
            {{{"coding",
               {{{"system", "http://terminology.hl7.org/CodeSystem/observation-category"}, {"code", "imaging"}}}}}}},
           {"code", concept_of(code, text)},
           {"bodySite", concept_of(site, site_text)},
           {"device", {{"display", fmt::format("Larmor brain {}, weights {}", f_.version, f_.weights)}}},
           {"method", {{"text", "Segmentation of T1-weighted MRI by a convolutional network"}}},
           {"note", notes()}};
    if (source_) {
      const auto& patient = source_->patient.reveal();
      if (!patient.id.empty()) o["subject"] = patient_reference(patient);
      if (const auto date = day(source_->about_study.date); !date.empty()) o["effectiveDateTime"] = date;
      o["derivedFrom"] = {study_reference(*source_)};
    }
    entries_.push_back(
        {{"fullUrl", "urn:oid:" + dicom::uid_from({"larmor", "observation", series, f_.version, f_.weights, key})},
         {"resource", std::move(o)}});
    return entries_.back()["resource"];
  }

  Json notes() const {
    Json out = Json::array();
    for (const auto* list : {&m_.quality, &m_.remarks})
      for (const auto& text : *list) out.push_back({{"text", text}});
    out.push_back({{"text", dicom::kNotADevice}});
    return out;
  }

  void structure(const dicom::MeasuredVolume& v) {
    const auto* s = imaging::structure(v.structure);
    if (!s) return;
    const auto name = imaging::full_name(*s);
    volume(std::string(s->key), name, s->type, v.ml, v.ranking);
  }

  void volume(const std::string& key, const std::string& name, const imaging::Code& site, double ml,
              const std::optional<dicom::Ranking>& ranking) {
    auto& o = begin(key, kVolume, "Volume: " + name, site, name);
    o["valueQuantity"] = quantity(rounded(ml), "mL");
    if (!ranking) return;
    o["component"] = {component(kZ, rounded(ranking->z, 100), "1"),
                      component(kCentile, rounded(ranking->centile, 100), "%")};
    const char* code = ranking->centile < 5 ? "L" : ranking->centile > 95 ? "H" : "N";
    o["interpretation"] = {
        {{"coding",
          {{{"system", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"}, {"code", code}}}}}};
    for (const auto& c : f_.healthy.compared)
      if (c.name == name)
        o["referenceRange"] = {{{"low", quantity(rounded(c.standing.fifth_ml), "mL")},
                                {"high", quantity(rounded(c.standing.ninety_fifth_ml), "mL")},
                                {"text", "5th to 95th centile: " + m_.population}}};
  }

  void change(const dicom::SincePrior& since, const dicom::MeasuredChange& c) {
    const bool brain = c.name == "brain";
    const imaging::Code code = brain ? imaging::Code{"pbvc", "99LARMOR", "Percentage brain volume change"}
                                     : imaging::Code{"percent_change", "99LARMOR", "Percent change of volume"};
    auto& o = begin("change of " + c.name, code, "Change since the earlier scan: " + c.name, c.site, c.name);
    o["method"] = {{"text", since.method}};
    o["valueQuantity"] = quantity(rounded(c.percent), "%");
    o["component"] = {component(kDeviation, rounded(c.error), "%")};
    if (since.years) {
      constexpr imaging::Code kYearly{"percent_per_year", "99LARMOR", "Percent change of volume per year"};
      o["component"].push_back(component(kYearly, rounded(c.percent / *since.years), "%/a"));
      o["component"].push_back(component(kInterval, rounded(*since.years), "a"));
    }
    if (since.prior && source_) o["derivedFrom"].push_back(study_reference(*since.prior));
    for (const auto& warning : since.warnings) o["note"].push_back({{"text", warning}});
    if (!brain) return;
    constexpr imaging::Code kAgeing{"ageing", "99LARMOR", "Change against normal ageing"};
    o["component"].push_back({{"code", concept_of(kAgeing)}, {"valueString", since.verdict}});
  }

  const Findings& f_;
  const dicom::Measurements& m_;
  const dicom::SourceSeries* source_;
  Json entries_ = Json::array();
};

}  // namespace

Json to_fhir(const Findings& found, const dicom::Measurements& measurements, const dicom::SourceSeries* source) {
  return Bundle(found, measurements, source).make();
}

}  // namespace larmor::processing::brain
