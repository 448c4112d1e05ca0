#pragma once
/// A simulated visit's truth, in the words in which change.h tells what it measured.
///
/// Pure.
#include "base/json.h"
#include "imaging/simulate.h"
#include "services/processing/brain/change.h"

namespace larmor::processing::brain {

/// {simulated: true, seed, asked_percent, pbvc_percent, structures: [{name, first_ml, second_ml, percent,
/// percent_of_first}]}; percents as in Changed.
Json truth_of(const imaging::SimulatedVisit&, const imaging::Visit&);

}  // namespace larmor::processing::brain
