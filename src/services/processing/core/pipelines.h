#pragma once
/// The pipelines that are built in: one row each. Pure.
#include <span>
#include <string_view>

namespace larmor::processing {

struct PipelineRow {
  std::string_view name;     ///< its queue is pipeline/NAME; `larmor pipeline NAME` runs it
  std::string_view version;  ///< of the row; a run tells the version of the network it used
  std::string_view about;
  bool compares;  ///< takes an earlier scan of the patient as well (--prior)
};

std::span<const PipelineRow> built_in_pipelines();

}  // namespace larmor::processing
