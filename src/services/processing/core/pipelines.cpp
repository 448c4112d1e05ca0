#include "services/processing/core/pipelines.h"

#include <array>

namespace larmor::processing {

std::span<const PipelineRow> built_in_pipelines() {
  static constexpr std::array kRows = {
      PipelineRow{"brain", "1",
                  "Outlines the structures of a brain on a T1-weighted MR series and measures their volumes."},
  };
  return kRows;
}

}  // namespace larmor::processing
