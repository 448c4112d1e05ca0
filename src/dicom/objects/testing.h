#pragma once
/// For the tests of this folder: reading objects back, and other people's validator.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dctk.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/test_support.h"
#include "dicom/objects/object.h"
#include "dicom/series/source.h"
#include "imaging/affine.h"

namespace larmor::dicom {

inline std::unique_ptr<DcmFileFormat> parse(const std::string& bytes) {
  auto file = std::make_unique<DcmFileFormat>();
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  file->transferInit();
  if (file->read(stream).bad()) return nullptr;
  file->transferEnd();
  file->loadAllDataIntoMemory();
  return file;
}

inline std::string text_at(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFStringArray(tag, value);
  return {value.c_str(), value.size()};
}

inline double number_at(DcmItem& item, const DcmTagKey& tag, unsigned long at = 0) {
  Float64 value = 0;
  item.findAndGetFloat64(tag, value, at);
  return value;
}

inline int word_at(DcmItem& item, const DcmTagKey& tag) {
  Uint16 value = 0;
  item.findAndGetUint16(tag, value);
  return value;
}

inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return "cannot start";
  std::array<char, 4096> block{};
  while (const auto n = std::fread(block.data(), 1, block.size(), pipe)) text.append(block.data(), n);
  ::pclose(pipe);
  return text;
}

inline bool have_dciodvfy() {
  return std::system("command -v dciodvfy >/dev/null 2>&1") == 0;
}

/// A classic series on disk, described as the series reader would describe it.
inline SourceSeries describe(const Scratch& scratch, const std::vector<Object>& slices) {
  SourceSeries source;
  for (std::size_t k = 0; k < slices.size(); ++k) {
    const auto file = parse(slices[k].bytes);
    auto& d = *file->getDataset();
    SourceSlice slice;
    slice.sop_class = slices[k].sop_class;
    slice.instance = slices[k].instance;
    for (int i = 0; i < 3; ++i) slice.position[i] = number_at(d, DCM_ImagePositionPatient, i);
    slice.file = scratch.write("slice" + std::to_string(k) + ".dcm", slices[k].bytes);
    source.slices.push_back(slice);
    if (k > 0) continue;
    source.study = StudyUid(text_at(d, DCM_StudyInstanceUID));
    source.series = slices[0].series;
    source.frame_of_reference = text_at(d, DCM_FrameOfReferenceUID);
    source.date = text_at(d, DCM_SeriesDate);
    source.time = text_at(d, DCM_SeriesTime);
    source.modality = "MR";
    source.rows = static_cast<std::uint32_t>(word_at(d, DCM_Rows));
    source.columns = static_cast<std::uint32_t>(word_at(d, DCM_Columns));
    for (int i = 0; i < 3; ++i) source.row_direction[i] = number_at(d, DCM_ImageOrientationPatient, i);
    for (int i = 0; i < 3; ++i) source.column_direction[i] = number_at(d, DCM_ImageOrientationPatient, 3 + i);
    source.slice_direction = imaging::cross(source.row_direction, source.column_direction);
    source.row_spacing = number_at(d, DCM_PixelSpacing, 0);
    source.column_spacing = number_at(d, DCM_PixelSpacing, 1);
    source.slice_spacing = source.slice_thickness = number_at(d, DCM_SliceThickness);
    source.example = slice.file;
  }
  return source;
}

/// The error lines of dciodvfy (David Clunie's dicom3tools), which knows the standard better than we do.
inline std::string complaints_of_dciodvfy(const Scratch& scratch, const Object& object) {
  const auto file = scratch.write("object.dcm", object.bytes);
  std::string errors;
  std::string text = output_of("dciodvfy " + file.string());
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (const auto line = text.substr(at, end - at); line.rfind("Error", 0) == 0) errors += line + "\n";
    at = end + 1;
  }
  return errors;
}

}  // namespace larmor::dicom
