#include "services/processing/core/pipelines.h"

#include <array>

#include "services/processing/processing.h"

namespace larmor::processing {

namespace {

constexpr std::array kRows = {
    PipelineRow{"brain", "1",
                "Outlines the structures of a brain on a T1-weighted MR series and measures their volumes.", true},
};

constexpr bool as_promised() {
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (kRows[i].name != kBuiltInPipelines[i]) return false;
  return kRows.size() == kBuiltInPipelines.size();
}
static_assert(as_promised(), "the contract names the rows of this table");

}  // namespace

std::span<const PipelineRow> built_in_pipelines() {
  return kRows;
}

}  // namespace larmor::processing
