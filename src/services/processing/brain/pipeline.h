#pragma once
/// The whole of the brain pipeline: from files to files.
///
/// In a worker's child process: a study's folder goes in; a segmentation, a structured report, a PDF, pictures and
/// tables come out, with result.json last, so that its presence means that everything it names is complete. On the
/// command line: the same without a job, for a folder of DICOM files or one NIfTI file. The same input, weights and
/// options give the same bytes. Failures: see the functions.
#include <cstdio>

#include "services/processing/brain/analyse.h"

namespace larmor::processing::brain {

/// Body of the child process. `job` is the worker's JSON ({generation, priors ...}; every member may be absent);
/// `priors` goes into the findings as it is, and its `words` into the structured report.
/// Writes OUT/result.json: {findings, stages, version, files, instances}, or {"refused": why} when this study is not
/// for it. The error is what is not the study's fault: no network, no runtime, a full disk.
Result<void> run(const std::filesystem::path& in, const std::filesystem::path& out, const Json& job, const Options&,
                 const Progress&);

/// `run` with its end as an exit code: 0 done or refused, 2 failed with {"error": {code, what, hint}} in result.json.
/// Progress goes to `lines` as JSON, one object a line.
int child_process(const std::filesystem::path& in, const std::filesystem::path& out, const std::string& job,
                  const Options&, std::FILE* lines);

/// For people: a NIfTI file or a DICOM folder. Writes head.nii.gz (8-bit greys for viewers), labels.nii.gz,
/// lobes.nii.gz, volumes.csv, lobes.csv, norms.json (the norm over age), observations.json (FHIR), report.pdf and
/// pictures, with a prior change.nii.gz and prior_head.nii.gz, with a FLAIR flair.nii.gz and lesions.nii.gz (all
/// on the input's grid), for DICOM the objects too; returns what result.json would hold. A refusal is an error of code
/// `unsupported` here.
Result<Json> analyse_files(const std::filesystem::path& input, const std::filesystem::path& out, const Options&,
                           const Progress&);

}  // namespace larmor::processing::brain
