#pragma once
/// Where cortex ends and fluid begins, settled by the scan's own brightness.
///
/// The network learnt from painted images where the border runs; how thick the sulci are it can only guess from their
/// shape. A voxel on the border between grey matter and fluid belongs to what it resembles in brightness. Pure;
/// reference: models/brain/training/border.py; what it brings: models/brain/card.md.
#include "imaging/volume.h"
#include "services/processing/brain/model.h"

namespace larmor::processing::brain {

/// `image` and the cleaned `classes` on one grid of 1 mm. Changes at most one layer on either side of the border, of
/// the cerebrum's cortex and of the cerebellum's. Changes nothing where fluid and grey matter are about as bright as
/// each other, where the lateral ventricles are too small to tell how bright fluid is, or where more than a third of
/// the cortex's outer layer would become fluid.
void settle_border(imaging::Volume<std::uint8_t>& classes, const imaging::Volume<float>& image, const Model&,
                   int threads);

}  // namespace larmor::processing::brain
