#pragma once
/// What the writers of this folder give back, and what they must be told about who made it.
///
/// Plain values. Rules that hold for every writer: patient and study attributes are copied from the source bit by bit,
/// with their character set; dates and times are copied as text, no time zone is ever applied; UIDs and bytes depend on
/// the arguments alone, so that the same input gives the same object again.
#include <cstdint>
#include <string>

#include "base/id.h"

namespace larmor::dicom {

/// One complete DICOM file (PS3.10, Explicit VR Little Endian).
struct Object {
  SopClassUid sop_class;
  SeriesUid series;
  SopUid instance;
  std::string bytes;
};

/// Who made the results. Everything here is ASCII; other letters become '?', because the character set is the source's.
struct Maker {
  std::string pipeline = "brain";
  std::string version = "0.1.0";  ///< of the pipeline; part of every UID
  std::string algorithm = "Larmor brain segmentation";
  std::string weights;  ///< identifies the network's weights, e.g. the start of their SHA-256; part of every UID
  std::int64_t generation = 1;  ///< of the study; part of every UID
  std::string date, time;       ///< content date and time, YYYYMMDD and HHMMSS; empty: those of the source series
};

inline constexpr std::string_view kNotADevice = "Not a medical device. Not for diagnostic use.";

}  // namespace larmor::dicom
