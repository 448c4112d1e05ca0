#pragma once
/// Wraps a PDF page as an Encapsulated PDF object (PS3.3 A.45.1) of modality DOC, pointing back at the images it is
/// about.
///
/// Reads the source's header once; otherwise pure. Any thread.
/// Failures: `invalid` (not a PDF), `corrupt` (the source's file cannot be read).
#include "base/result.h"
#include "dicom/objects/object.h"
#include "dicom/series/source.h"

namespace larmor::dicom {

Result<Object> write_pdf(const SourceSeries&, std::string_view pdf, std::string_view title, const Maker&);

}  // namespace larmor::dicom
