#include "dicom/codec/recode.h"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include "dicom/codec/jpeg2000.h"

namespace larmor::dicom {
namespace {

Result<DcmPixelData*> pixels_of(DcmDataset& data) {
  DcmElement* element = nullptr;
  (void)data.findAndGetElement(DCM_PixelData, element);
  auto* pixels = dynamic_cast<DcmPixelData*>(element);
  if (!pixels) return fail(Code::unsupported, "the object has no pixel data");
  return pixels;
}

/// The first one, number 0, holds the offset table.
Result<std::string_view> fragment_of(DcmPixelSequence& sequence, unsigned long number) {
  DcmPixelItem* item = nullptr;
  Uint8* bytes = nullptr;
  if (sequence.getItem(item, number).bad() || item->getUint8Array(bytes).bad())
    return fail(Code::corrupt, "a fragment cannot be read");
  return std::string_view(reinterpret_cast<const char*>(bytes), item->getLength());
}

Failure cannot_hold(E_TransferSyntax to, const char* why) {
  return fail(Code::unsupported, "the pixels cannot be written as {}: {}", DcmXfer(to).getXferName(), why);
}

/// By DCMTK. Only its own word that the pixels are there in the new form counts.
Result<void> compress(DcmDataset& data, E_TransferSyntax to) {
  const auto done = data.chooseRepresentation(to, nullptr);
  if (done.bad() || !data.canWriteXfer(to)) return cannot_hold(to, done.text());
  return {};
}

Result<std::string> jpeg2000_of(const Layout& layout, Bytes frame, bool planar) {
  const std::size_t cells = std::size_t(layout.rows) * layout.columns * layout.samples;
  if (frame.size() < cells * (layout.allocated / 8)) return fail(Code::corrupt, "the pixels are shorter than a frame");
  std::vector<std::uint16_t> values(cells);
  for (std::size_t i = 0; i < cells; ++i) {
    // Colour by plane becomes colour by pixel.
    const auto n = cells / layout.samples;
    const auto from = planar ? i % layout.samples * n + i / layout.samples : i;
    if (layout.allocated == 8)
      values[i] = std::to_integer<std::uint16_t>(frame[from]);
    else
      std::memcpy(&values[i], &frame[from * 2], 2);
  }
  return encode_jpeg2000(values,
                         {layout.rows, layout.columns, layout.samples, layout.stored, layout.representation == 1});
}

Result<void> check_for_jpeg2000(DcmDataset& data, const Layout& layout) {
  OFString kind;
  (void)data.findAndGetOFString(DCM_PhotometricInterpretation, kind);
  Uint16 high = 0;
  (void)data.findAndGetUint16(DCM_HighBit, high);
  if (layout.allocated != 8 && layout.allocated != 16)
    return cannot_hold(EXS_JPEG2000LosslessOnly, "only 8 or 16 bits are allocated for each");
  if (high + 1 != layout.stored) return cannot_hold(EXS_JPEG2000LosslessOnly, "the highest bit is not the last one");
  if (kind != "RGB" && layout.samples == 3)
    return cannot_hold(EXS_JPEG2000LosslessOnly, "of colours only red, green and blue");
  return {};
}

bool is_planar(DcmDataset& data) {
  Uint16 planar = 0;
  (void)data.findAndGetUint16(DCM_PlanarConfiguration, planar);
  return planar == 1;
}

std::size_t frames_of(DcmDataset& data) {
  Sint32 frames = 1;
  (void)data.findAndGetSint32(DCM_NumberOfFrames, frames);
  return static_cast<std::size_t>(std::max(frames, Sint32{1}));
}

/// Replaces native pixels by a fragment for each frame.
Result<void> compress_jpeg2000(DcmDataset& data) {
  const auto layout = layout_of(data);
  CHECK_OK(check_for_jpeg2000(data, layout));
  const auto native = TRY(native_bytes(data));
  const auto frames = frames_of(data);
  const std::size_t size = std::size_t(layout.rows) * layout.columns * layout.samples * (layout.allocated / 8);
  if (size == 0 || native.size() / size < frames)
    return fail(Code::corrupt, "the pixels are shorter than the header says");
  auto sequence = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
  (void)sequence->insert(new DcmPixelItem(DCM_PixelItemTag));  // the offset table, empty: a fragment for each frame
  for (std::size_t i = 0; i < frames; ++i) {
    const auto stream = TRY(jpeg2000_of(layout, native.subspan(i * size, size), is_planar(data)));
    auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
    (void)item->putUint8Array(reinterpret_cast<const Uint8*>(stream.data()), stream.size());
    (void)sequence->insert(item.release());
  }
  auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
  pixels->putOriginalRepresentation(EXS_JPEG2000LosslessOnly, nullptr, sequence.release());
  (void)data.insert(pixels.release(), OFTrue);
  if (layout.samples == 3) {
    (void)data.putAndInsertString(DCM_PhotometricInterpretation, "YBR_RCT");
    (void)data.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  }
  return {};
}

/// Compressed frame by frame, since DCMTK cannot; they come one in a fragment, or there is one frame.
Result<void> decompress_jpeg2000(DcmDataset& data, const std::string& from) {
  auto* pixels = TRY(pixels_of(data));
  E_TransferSyntax kept = EXS_Unknown;
  const DcmRepresentationParameter* parameter = nullptr;
  DcmPixelSequence* sequence = nullptr;
  pixels->getOriginalRepresentationKey(kept, parameter);
  if (pixels->getEncapsulatedRepresentation(kept, parameter, sequence).bad() || !sequence)
    return fail(Code::corrupt, "the compressed pixels cannot be found");
  const auto frames = frames_of(data);
  const auto fragments = sequence->card() - 1;
  if (frames > 1 && fragments != frames)
    return fail(Code::unsupported, "{} frames of JPEG 2000 in {} fragments", frames, fragments);
  std::vector<std::string> streams(frames);
  for (unsigned long i = 0; i < fragments; ++i) streams[frames > 1 ? i : 0] += TRY(fragment_of(*sequence, i + 1));
  const auto layout = layout_of(data);
  std::string all;
  for (const auto& stream : streams) {
    CHECK_OK(decompress_frame(data, from, as_bytes(stream)));
    all += as_text(TRY(native_bytes(data))
                       .first(std::size_t(layout.rows) * layout.columns * layout.samples * (layout.allocated / 8)));
  }
  if (all.size() % 2) all += '\0';
  return put_native(data, EXS_LittleEndianExplicit, as_bytes(all));
}

}  // namespace

Result<Bytes> native_bytes(DcmDataset& data) {
  auto* pixels = TRY(pixels_of(data));
  Uint8* bytes = nullptr;
  Uint16* words = nullptr;
  if (pixels->getUint16Array(words).good() && words)
    return as_bytes({reinterpret_cast<const char*>(words), pixels->getLength()});
  if (pixels->getUint8Array(bytes).good() && bytes)
    return as_bytes({reinterpret_cast<const char*>(bytes), pixels->getLength()});
  return fail(Code::corrupt, "the pixels cannot be read");
}

Result<std::string> stream_of(DcmDataset& data, E_TransferSyntax syntax) {
  DcmPixelSequence* sequence = nullptr;
  if (TRY(pixels_of(data))->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() || !sequence)
    return fail(Code::internal, "the compressed frame cannot be found");
  std::string stream;
  for (unsigned long i = 1; i < sequence->card(); ++i) stream += TRY(fragment_of(*sequence, i));
  return stream;
}

Result<void> recode(DcmDataset& data, const std::string& from, E_TransferSyntax to) {
  const bool to_jpeg2000 = to == EXS_JPEG2000LosslessOnly;
  if (is_jpeg2000(from)) CHECK_OK(decompress_jpeg2000(data, from));
  CHECK_OK(compress(data, to_jpeg2000 ? EXS_LittleEndianExplicit : to));
  return to_jpeg2000 ? compress_jpeg2000(data) : Result<void>();
}

}  // namespace larmor::dicom
