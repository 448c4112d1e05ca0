#pragma once
/// The findings as FHIR observations (HL7 FHIR R4, http://hl7.org/fhir/R4/observation.html), for systems that read no
/// DICOM.
///
/// A Bundle of the type collection. Made from what the structured report is made from, with its codes and rounding, so
/// that both give the same numbers. Patient and studies are logical references (identifiers); device and method are
/// text, for no server holds them. Status `preliminary`: no person has verified anything. What has no standard code has
/// one under urn:larmor:99LARMOR. Pure: the same input gives the same bytes.
#include "dicom/objects/sr.h"
#include "services/processing/brain/findings.h"

namespace larmor::processing::brain {

/// `source` is null where the head came from a file that knows no patient.
Json to_fhir(const Findings&, const dicom::Measurements&, const dicom::SourceSeries* source);

}  // namespace larmor::processing::brain
