#pragma once
/// Which results still speak for their study. Pure.
#include "services/processing/processing.h"

namespace larmor::processing {

/// Sorts newest first and marks those of a pipeline that has a result of a later generation, or a later result of the
/// same.
void order_results(std::vector<ResultView>&);

}  // namespace larmor::processing
