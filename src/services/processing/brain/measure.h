#pragma once
/// Left and right, volumes, and the numbers that tell a brain from anything else. Pure.
#include <optional>

#include "imaging/midplane.h"
#include "services/processing/brain/findings.h"
#include "services/processing/brain/model.h"
#include "services/processing/brain/segment.h"

namespace larmor::processing::brain {

/// FreeSurfer ids instead of classes. Nothing if the paired structures do not lie on two sides of a plane.
std::optional<imaging::Volume<std::uint8_t>> give_sides(const imaging::Volume<std::uint8_t>& classes, const Model&);

/// One entry for every id of the model, ascending.
std::vector<Measured> measure(const imaging::Volume<std::uint8_t>& ids, const imaging::Volume<std::uint8_t>& confidence,
                              const Model&);

/// Volume in ml of everything labelled, with gaps up to 10 mm closed and holes filled.
double intracranial_ml(const imaging::Volume<std::uint8_t>& ids);

/// Of the paired structures, FreeSurfer's ids of the left ones, those of which a side has no volume that an adult has.
std::vector<int> implausible_pairs(const std::vector<Measured>&);

Evidence weigh(const std::vector<Measured>&, const imaging::Volume<std::uint8_t>& ids, double kept);

}  // namespace larmor::processing::brain
