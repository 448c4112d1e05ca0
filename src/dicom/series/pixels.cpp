#include "dicom/series/pixels.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>

#include "dicom/codec/data_set.h"
#include "dicom/codec/jpeg2000.h"
#include "dicom/codec/registry.h"
#include "dicom/codec/silence.h"
#include "dicom/series/stored.h"

namespace larmor::dicom {
namespace {

Failure damaged(const ImageHeader& h, std::string_view why) {
  return fail(Code::corrupt, "cannot read the pixels of image {} ({}): {}", h.instance_number,
              h.file.filename().string(), why);
}

Result<StoredBits> read_bits(DcmDataset& d, const ImageHeader& h) {
  Uint16 allocated = 0, stored = 0, high = 0, sign = 0;
  if (d.findAndGetUint16(DCM_BitsAllocated, allocated).bad()) return damaged(h, "Bits Allocated is missing");
  if (d.findAndGetUint16(DCM_BitsStored, stored).bad()) stored = allocated;
  if (d.findAndGetUint16(DCM_HighBit, high).bad()) high = Uint16(stored - 1);
  d.findAndGetUint16(DCM_PixelRepresentation, sign);
  StoredBits bits{allocated, stored, high, sign == 1, {}};
  if (!bits.valid())
    return fail(Code::unsupported, "image {} has {} of {} bits a pixel, the highest at {}", h.instance_number, stored,
                allocated, high);
  Uint16 unsigned_padding = 0;
  Sint16 signed_padding = 0;
  if (sign && d.findAndGetSint16(DCM_PixelPaddingValue, signed_padding).good()) bits.padding = signed_padding;
  if (!sign && d.findAndGetUint16(DCM_PixelPaddingValue, unsigned_padding).good()) bits.padding = unsigned_padding;
  return bits;
}

void rescale(const StoredBits& bits, const FrameHeader& f, auto cell_at, std::span<float> into) {
  for (std::size_t i = 0; i < into.size(); ++i) {
    const auto v = bits.value(cell_at(i));
    // Zero is a padding of many MR images, and also their darkest value: rescaled like any other.
    into[i] = bits.padding && v == *bits.padding && v != 0 ? 0.0f : float(f.slope * double(v) + f.intercept);
  }
}

/// The bytes of one frame in an encapsulated object: all fragments between two entries of the offset table, else one
/// fragment per frame, else all fragments of a single frame (PS3.5 A.4).
Result<std::vector<std::byte>> encapsulated_frame(DcmPixelSequence& sequence, std::size_t frame, std::size_t frames,
                                                  const ImageHeader& h) {
  const unsigned long fragments = sequence.card() > 0 ? sequence.card() - 1 : 0;
  std::vector<std::byte> out;
  const auto append = [&](unsigned long fragment) {
    DcmPixelItem* item = nullptr;
    Uint8* bytes = nullptr;
    if (sequence.getItem(item, fragment + 1).bad() || item->getUint8Array(bytes).bad() || !bytes) return false;
    const auto* from = reinterpret_cast<const std::byte*>(bytes);
    out.insert(out.end(), from, from + item->getLength());
    return true;
  };
  if (frames == 1) {
    for (unsigned long i = 0; i < fragments; ++i)
      if (!append(i)) return damaged(h, "a fragment is missing");
  } else if (fragments == frames) {
    if (!append((unsigned long)frame)) return damaged(h, "a fragment is missing");
  } else {
    return fail(Code::unsupported, "{} frames of JPEG 2000 in {} fragments", frames, fragments);
  }
  return out;
}

Result<void> read_jpeg2000(DcmDataset& d, const ImageHeader& h, const StoredBits& bits,
                           std::span<const WantedFrame> wanted) {
  DcmElement* element = nullptr;
  DcmPixelSequence* sequence = nullptr;
  if (d.findAndGetElement(DCM_PixelData, element).bad()) return damaged(h, "there are none");
  auto* pixels = dynamic_cast<DcmPixelData*>(element);
  E_TransferSyntax kind = EXS_Unknown;
  const DcmRepresentationParameter* parameter = nullptr;
  if (pixels) pixels->getOriginalRepresentationKey(kind, parameter);
  if (!pixels || pixels->getEncapsulatedRepresentation(kind, parameter, sequence).bad() || !sequence)
    return damaged(h, "the compressed data cannot be found");
  for (const auto& w : wanted) {
    const auto stream = TRY(encapsulated_frame(*sequence, w.frame, h.frames.size(), h));
    auto cells = decode_jpeg2000(stream, h.rows, h.columns);
    if (!cells) return damaged(h, cells.error().what);
    rescale(
        bits, h.frames[w.frame], [&](std::size_t i) { return (*cells)[i]; }, w.into);
  }
  return {};
}

}  // namespace

Result<void> read_frames(const ImageHeader& h, std::span<const WantedFrame> wanted) {
  silence_dcmtk();
  register_codecs();
  DcmFileFormat file;
  if (const auto read = file.loadFile(h.file.c_str()); read.bad()) return damaged(h, read.text());
  DcmDataset& d = *file.getDataset();
  const StoredBits bits = TRY(read_bits(d, h));
  const auto xfer = d.getOriginalXfer();
  if (is_jpeg2000(stored_syntax(file))) return read_jpeg2000(d, h, bits, wanted);
  if (const auto decoded = d.chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
      decoded.bad() || !d.canWriteXfer(EXS_LittleEndianExplicit))
    return fail(Code::unsupported, "image {} is compressed as {}, which cannot be decoded here: {}", h.instance_number,
                DcmXfer(xfer).getXferName(), decoded.text());

  const std::size_t n = std::size_t(h.rows) * h.columns, cells = n * h.frames.size();
  const Uint16* words = nullptr;
  const Uint8* bytes = nullptr;
  unsigned long have = 0;
  DcmElement* element = nullptr;
  if (d.findAndGetElement(DCM_PixelData, element).bad() || !element) return damaged(h, "there are none");
  const bool wide = d.findAndGetUint16Array(DCM_PixelData, words, &have).good() && words;
  if (!wide && (d.findAndGetUint8Array(DCM_PixelData, bytes, &have).bad() || !bytes))
    return damaged(h, "there are none");
  // Eight-bit pixels may come packed in words (OW): low byte first.
  const bool packed = bits.allocated == 8;
  const std::size_t cells_there = wide ? have * (packed ? 2 : 1) : have / (packed ? 1 : 2);
  if (cells_there < cells) return damaged(h, fmt::format("{} of {} values are there", cells_there, cells));
  for (const auto& w : wanted) {
    const std::size_t start = w.frame * n;
    const auto cell = [&](std::size_t i) -> std::uint32_t {
      const std::size_t k = start + i;
      if (!wide) return packed ? bytes[k] : std::uint32_t(bytes[2 * k] | bytes[2 * k + 1] << 8);
      return packed ? (words[k / 2] >> (k % 2 * 8)) & 0xff : words[k];
    };
    rescale(bits, h.frames[w.frame], cell, w.into);
  }
  return {};
}

}  // namespace larmor::dicom
