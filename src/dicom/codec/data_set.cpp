#include "dicom/codec/data_set.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include <bit>

#include "dicom/codec/jpeg2000.h"
#include "dicom/codec/registry.h"
#include "dicom/codec/silence.h"

namespace larmor::dicom {
namespace {

/// Copies what an item of a functional group says, unless the object says it itself.
void lift(DcmItem* groups, const DcmTagKey& sequence, DcmDataset& data) {
  DcmItem* macro = nullptr;
  if (!groups || groups->findAndGetSequenceItem(sequence, macro).bad() || !macro) return;
  for (unsigned long i = 0; i < macro->card(); ++i) {
    auto* element = macro->getElement(i);
    if (!data.tagExists(element->getTag())) (void)data.insert(static_cast<DcmElement*>(element->clone()));
  }
}

void lift_brightness(DcmDataset& data, std::size_t frame) {
  DcmItem *own = nullptr, *shared = nullptr;
  (void)data.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, own, static_cast<signed long>(frame));
  (void)data.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared);
  for (auto* groups : {own, shared})
    for (const auto& sequence : {DCM_PixelValueTransformationSequence, DCM_FrameVOILUTSequence})
      lift(groups, sequence, data);
}

Result<void> decompress_by_openjpeg(DcmDataset& data, Bytes stream) {
  const auto layout = layout_of(data);
  if (layout.allocated != 8 && layout.allocated != 16)
    return fail(Code::unsupported, "JPEG 2000 of {} bits allocated is not decompressed here", layout.allocated);
  const auto cells = TRY(decode_jpeg2000(stream, layout.rows, layout.columns, layout.samples));
  std::vector<std::byte> pixels(cells.size() * (layout.allocated <= 8 ? 1 : 2));
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (layout.allocated <= 8)
      pixels[i] = static_cast<std::byte>(cells[i]);
    else
      std::memcpy(&pixels[i * 2], &cells[i], 2);
  // OpenJPEG has undone the colour transform (PS3.5 8.2.4), and gives colours by pixel.
  if (layout.samples == 3) {
    (void)data.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    (void)data.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  }
  return put_native(data, EXS_LittleEndianExplicit, pixels);
}

Result<void> decompress_by_dcmtk(DcmDataset& data, E_TransferSyntax from, Bytes stream) {
  auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
  auto fragment = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
  (void)sequence->insert(new DcmPixelItem(DCM_PixelItemTag));  // the offset table, empty
  if (fragment->putUint8Array(reinterpret_cast<const Uint8*>(stream.data()), stream.size()).bad())
    return fail(Code::corrupt, "the compressed frame cannot be read");
  (void)sequence->insert(fragment.release());
  auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
  pixels->putOriginalRepresentation(from, nullptr, sequence.release());
  (void)data.insert(pixels.release(), OFTrue);
  const auto decoded = data.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
  if (decoded.good() && data.canWriteXfer(EXS_LittleEndianExplicit)) return {};
  return fail(Code::unsupported, "{} cannot be decompressed here: {}", DcmXfer(from).getXferName(), decoded.text());
}

}  // namespace

Result<void> read_header(DcmFileFormat& file, Bytes head) {
  silence_dcmtk();
  dcmEnableUnknownVRConversion.set(OFTrue);  // UN of an attribute that the dictionary knows
  DcmInputBufferStream stream;
  stream.setBuffer(head.data(), static_cast<offile_off_t>(head.size()));
  stream.setEos();
  file.transferInit();
  const auto read = file.readUntilTag(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
  file.transferEnd();
  if (read.bad() && file.getDataset()->card() == 0)
    return fail(Code::corrupt, "the header cannot be read: {}", read.text());
  return {};
}

Layout layout_of(DcmItem& item) {
  Layout l;
  (void)item.findAndGetUint16(DCM_Rows, l.rows);
  (void)item.findAndGetUint16(DCM_Columns, l.columns);
  (void)item.findAndGetUint16(DCM_SamplesPerPixel, l.samples);
  (void)item.findAndGetUint16(DCM_BitsAllocated, l.allocated);
  (void)item.findAndGetUint16(DCM_BitsStored, l.stored);
  (void)item.findAndGetUint16(DCM_PixelRepresentation, l.representation);
  return l;
}

Result<void> put_native(DcmDataset& data, E_TransferSyntax stored, Bytes pixels) {
  const auto allocated = layout_of(data).allocated;
  OFCondition put;
  if (allocated <= 8) {
    put = data.putAndInsertUint8Array(DCM_PixelData, reinterpret_cast<const Uint8*>(pixels.data()), pixels.size());
  } else {
    std::vector<Uint16> words(pixels.size() / 2);
    std::memcpy(words.data(), pixels.data(), words.size() * 2);
    if (DcmXfer(stored).isBigEndian())
      for (auto& word : words) word = static_cast<Uint16>(word << 8 | word >> 8);
    put = data.putAndInsertUint16Array(DCM_PixelData, words.data(), words.size());
  }
  if (put.bad()) return fail(Code::corrupt, "the pixels cannot be read: {}", put.text());
  return {};
}

std::string stored_syntax(DcmFileFormat& file) {
  OFString uid;
  (void)file.getMetaInfo()->findAndGetOFString(DCM_TransferSyntaxUID, uid);
  return {uid.c_str(), uid.size()};
}

Result<void> decompress_frame(DcmDataset& data, const std::string& from, Bytes stream) {
  if (is_jpeg2000(from)) return decompress_by_openjpeg(data, stream);
  return decompress_by_dcmtk(data, DcmXfer(from.c_str()).getXfer(), stream);
}

Result<std::unique_ptr<DcmFileFormat>> read_frame(const Frame& frame) {
  static_assert(std::endian::native == std::endian::little);
  register_codecs();
  auto file = std::make_unique<DcmFileFormat>();
  CHECK_OK(read_header(*file, frame.head));
  auto& data = *file->getDataset();
  lift_brightness(data, frame.number);
  if (data.tagExists(DCM_NumberOfFrames)) (void)data.putAndInsertString(DCM_NumberOfFrames, "1");
  if (frame.encapsulated)
    CHECK_OK(decompress_frame(data, stored_syntax(*file), frame.pixels));
  else
    CHECK_OK(put_native(data, data.getOriginalXfer(), frame.pixels));
  return file;
}

}  // namespace larmor::dicom
