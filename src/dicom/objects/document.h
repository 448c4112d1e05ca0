#pragma once
/// For the .cpp files of this folder only: a DICOM file under construction, on top of DCMTK.
///
/// The first attribute that cannot be written is remembered and becomes the error of finish(); so the writers read as a
/// plain list of attributes. One thread at a time.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dicom/objects/object.h"
#include "dicom/series/source.h"
#include "imaging/structures.h"

namespace larmor::dicom {

/// The words of the interface (titles, names, flags) have to be legal in every character set: ASCII, no backslash,
/// bounded.
std::string plain_words(std::string_view text, std::size_t longest);
/// A decimal string (DS) of at most 16 characters, as exact as these allow.
std::string decimal(double value);

/// A dataset or an item of a sequence. Refers to the Document, which must outlive it.
class Item {
 public:
  Item(DcmItem& item, OFCondition& status) : item_(&item), status_(&status) {}
  void text(const DcmTagKey& tag, std::string_view value);
  void word(const DcmTagKey& tag, std::uint16_t value);
  void words(const DcmTagKey& tag, std::span<const std::uint16_t> values);
  void longs(const DcmTagKey& tag, std::span<const std::uint32_t> values);
  void decimals(const DcmTagKey& tag, std::span<const double> values);
  void bytes(const DcmTagKey& tag, std::span<const std::uint8_t> values);
  void real(const DcmTagKey& tag, double value);
  /// One value a voxel (VR OF).
  void floats(const DcmTagKey& tag, std::span<const float> values);
  /// Appends an item to the sequence, which is made where it is missing.
  Item item(const DcmTagKey& sequence);
  void empty_sequence(const DcmTagKey& sequence);
  Item code(const DcmTagKey& sequence, const imaging::Code&);
  /// A copy of the source's element, bit by bit; nothing if it has none.
  bool copy(DcmItem& from, const DcmTagKey& tag);
  /// The same, or an empty element, for attributes that must be present (type 2).
  void copy_or_empty(DcmItem& from, const DcmTagKey& tag);
  DcmItem& raw() { return *item_; }

 private:
  void note(const OFCondition&);
  DcmItem* item_;
  OFCondition* status_;
};

class Document {
 public:
  Item root() { return {*file_.getDataset(), status_}; }
  DcmDataset& dataset() { return *file_.getDataset(); }
  /// Encodes the file; SOP class, series and instance are read back from the dataset.
  Result<Object> finish();

 private:
  DcmFileFormat file_;
  OFCondition status_ = EC_Normal;
};

/// The source's attributes without its pixel data.
Result<std::unique_ptr<DcmFileFormat>> open_header(const std::filesystem::path&);

/// What all results have in common.
struct Kind {
  std::string_view name;  ///< "seg": part of the UIDs
  const char* sop_class;
  std::string_view modality;
  int series_number;
  std::string_view description;  ///< of the series
};

struct Identity {
  SeriesUid series;
  SopUid instance;
  std::string date, time;  ///< content date and time
};

/// The UIDs of one result: a function of the source series, the maker and the kind. `index` tells instances of a series
/// apart.
Identity identify(const SourceSeries&, const Maker&, const Kind&, int index = 1);

/// Patient, study, clinical trial and time zone, copied; then series, equipment, SOP common and the content's date.
void write_common(Document&, DcmItem& example, const SourceSeries&, const Maker&, const Kind&, const Identity&);
/// Contributing equipment: the scanner, and whoever contributed before us.
void write_contributors(Item root, DcmItem& example);
/// Lossy once, lossy for ever (PS3.3 C.7.6.1.1.5): repeats the source's statement, or says that nothing was lost.
void write_lossiness(Item root, DcmItem& example);
/// One item per instance of the series (multiframe objects once), with purpose if given.
void write_instances(Item parent, const DcmTagKey& sequence, const SourceSeries&,
                     const imaging::Code* purpose = nullptr);

}  // namespace larmor::dicom
