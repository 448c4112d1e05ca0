#include "app/conformance.h"

#include "app/wiring.h"
#include "base/version.h"
#include "dicom/data/part10.h"
#include "dicom/dimse/offered.h"
#include "dicom/query/attributes.h"

namespace larmor::app {
namespace {

constexpr std::string_view kHead = R"(# DICOM conformance

Printed by `larmor conformance`; tests/contracts/conformance_test.py says when this page is stale.

Larmor {} · implementation class UID {} · implementation version name {}

## Network services (DIMSE)

| service | role | SOP classes | transfer syntaxes |
|---|---|---|---|
| verification (C-ECHO) | SCP, SCU | 1.2.840.10008.1.1 | any that is proposed |
| storage (C-STORE) | SCP | all, private ones too; bytes are kept as they came | any; the first one that the sender proposes |
| storage (C-STORE) | SCU | those of the objects that are sent | as stored; an uncompressed one as the way out |
)";

constexpr std::string_view kMatching = R"(
Queries are cancelled between two answers (status FE00). A key that is not matched is announced by status FF01; a value that makes no
sense is refused with A900. Answers are in Unicode (ISO_IR 192). Keys of higher levels may stand in a query of a lower one. Not
supported: extended negotiation, the modality worklist.

Retrievals name a patient, study, series or instance, or are refused with A900. C-MOVE sends to the destinations of the settings only
(otherwise A801), C-GET over the same association to a caller who proposed the role of the SCP for storage (PS3.7 D.3.3.4). A context of
C-GET that offers several transfer syntaxes is accepted with an uncompressed one where there is one; who wants objects as they are stored
proposes a context for each syntax. Pending answers come once a second; cancelled between two objects (FE00). When something could not be
sent (B000, or A702 where nothing could) the last answer lists it in FailedSOPInstanceUIDList (0008,0058), up to 64 KiB.

Storage commitment: each object of a request is looked for in storage under its class, and the end of its file is read. The report goes
over the same association when the caller is silent for a second, otherwise over one to the destination of the settings that has the
caller's AE title, with retries for a day and across restarts. Reasons: 0112 (no such instance), 0119 (other class), 0110 (damaged).

## Matching (PS3.4 C.2.2.2)

An empty value matches everything. Text: single value or wildcards (`*`, `?`), letters as written. Names: without regard to case and
accents, in any of the three writings; `fuzzymatching=true` finds the beginnings of words in any order. UIDs: one or a list. Dates and
times: one value or a range; QIDO-RS takes the ranges of a date and its time as one. Several values (joined by a backslash or a
repeated parameter) match when one of them does.
)";

void attributes_of(dicom::Level level, std::string& out) {
  out += fmt::format(
      "\n## Attributes of the {}\n\n| attribute | tag | VR | matching | returned |\n|---|---|---|---|---|\n",
      name(level));
  for (const auto& a : dicom::attributes()) {
    if (a.level != level) continue;
    const auto* outer = a.inside ? dicom::find_attribute(a.inside) : nullptr;
    out += fmt::format("| {}{}{} | ({:04X},{:04X}) | {} | {} | {} |\n", outer ? outer->keyword : "", outer ? "." : "",
                       a.keyword, a.tag >> 16, a.tag & 0xFFFF, a.vr, name(a.matching),
                       a.unasked ? "always" : "when asked for");
  }
}

}  // namespace

std::string conformance_statement() {
  auto out = fmt::format(kHead, kVersion, dicom::kImplementationClassUid, dicom::kImplementationVersion);
  for (const auto& row : dimse::kOffered)
    out += fmt::format("| {} | {} | {} | Explicit and Implicit VR Little Endian |\n", row.service, row.role,
                       row.sop_class);
  out += kMatching;
  for (const auto level : {dicom::Level::study, dicom::Level::series, dicom::Level::instance})
    attributes_of(level, out);
  out +=
      "\n## DICOMweb (PS3.18)\n\nSearches are answered in `application/dicom+json` or `multipart/related; "
      "type=\"application/dicom+xml\"`, 10,000\nanswers at most; the Warning header says when there are more, and "
      "which "
      "attributes of the standard were not matched. No match is\n200 with an empty list.\n\n"
      "| method | address | what |\n|---|---|---|\n";
  const auto document = openapi_document();
  for (const auto& [path, verbs] : document.at("paths").items()) {
    if (!path.starts_with("/dicom-web/")) continue;
    for (const auto& [verb, operation] : verbs.items()) {
      auto method = verb;
      std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::toupper(c); });
      out += fmt::format("| {} | `{}` | {} |\n", method, path, operation.at("summary").get<std::string>());
    }
  }
  return out;
}

}  // namespace larmor::app
