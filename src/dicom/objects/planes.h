#pragma once
/// For the .cpp files of this folder only: what objects share whose frames lie on the source's own planes.
#include "dicom/objects/document.h"

namespace larmor::dicom {

/// The parts of the image module that all of them have. `words` are for Image Comments, and end with what every result
/// says.
void write_pixel_frame(Item root, const SourceSeries&, std::size_t frames, std::string_view label,
                       std::string_view words);
/// Frame of reference (the source's, else one made from its UID) and the images of the source series.
void write_space(Item root, const SourceSeries&);

/// One index of Dimension Index Values (PS3.3 C.7.6.17).
struct Dimension {
  DcmTagKey pointer, group;
  const char* label;
};
const Dimension kPositionDimension{DCM_ImagePositionPatient, DCM_PlanePositionSequence, "Position"};
void write_dimensions(Item root, const std::string& organisation, std::span<const Dimension>);

/// Pixel measures and plane orientation, into the shared functional groups.
void write_geometry(Item shared, const SourceSeries&);
/// The image that a frame was derived from, voxel by voxel, into the frame's functional groups.
void write_derivation(Item frame, const SourceSlice&, const imaging::Code& how, std::string_view words = {});

}  // namespace larmor::dicom
