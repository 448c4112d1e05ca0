#include "dicom/codec/jpeg2000.h"

#include <openjpeg.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace larmor::dicom {
namespace {

struct Reading {
  Bytes bytes;
  std::size_t at = 0;
};

OPJ_SIZE_T read(void* into, OPJ_SIZE_T n, void* user) {
  auto& r = *static_cast<Reading*>(user);
  const auto have = std::min<std::size_t>(n, r.bytes.size() - r.at);
  if (have == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(into, r.bytes.data() + r.at, have);
  r.at += have;
  return have;
}

OPJ_OFF_T skip(OPJ_OFF_T n, void* user) {
  auto& r = *static_cast<Reading*>(user);
  if (n < 0) return -1;
  const auto have = std::min<std::size_t>(std::size_t(n), r.bytes.size() - r.at);
  r.at += have;
  return OPJ_OFF_T(have);
}

OPJ_BOOL seek(OPJ_OFF_T to, void* user) {
  auto& r = *static_cast<Reading*>(user);
  if (to < 0 || std::size_t(to) > r.bytes.size()) return OPJ_FALSE;
  r.at = std::size_t(to);
  return OPJ_TRUE;
}

struct Writing {
  std::string& out;
  std::size_t at = 0;
};

OPJ_SIZE_T write(void* from, OPJ_SIZE_T n, void* user) {
  auto& w = *static_cast<Writing*>(user);
  w.out.resize(std::max<std::size_t>(w.out.size(), w.at + n));
  std::memcpy(w.out.data() + w.at, from, n);
  w.at += n;
  return n;
}

OPJ_OFF_T skip_writing(OPJ_OFF_T n, void* user) {
  static_cast<Writing*>(user)->at += std::size_t(n);
  return n;
}

OPJ_BOOL seek_writing(OPJ_OFF_T to, void* user) {
  static_cast<Writing*>(user)->at = std::size_t(to);
  return OPJ_TRUE;
}

void keep_words(const char* message, void* user) {
  auto& words = *static_cast<std::string*>(user);
  if (words.size() < 200) words += message;
}

void no_words(const char*, void*) {}

// Codec and stream are the same type to the compiler, so each has its own way to close.
struct CloseCodec {
  void operator()(opj_codec_t* c) const { opj_destroy_codec(c); }
};
struct CloseStream {
  void operator()(opj_stream_t* s) const { opj_stream_destroy(s); }
};
struct CloseImage {
  void operator()(opj_image_t* i) const { opj_image_destroy(i); }
};

constexpr std::array<std::string_view, 5> kSyntaxes = {
    "1.2.840.10008.1.2.4.90",  "1.2.840.10008.1.2.4.91",                              // lossless, any
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",  // HTJ2K: lossless, with RPCL, any
};

}  // namespace

bool is_jpeg2000(std::string_view transfer_syntax) {
  return std::find(kSyntaxes.begin(), kSyntaxes.end(), transfer_syntax) != kSyntaxes.end();
}

Result<std::vector<std::uint16_t>> decode_jpeg2000(Bytes bytes, std::uint32_t rows, std::uint32_t columns,
                                                   std::uint32_t samples) {
  static constexpr std::array<unsigned char, 4> box{0, 0, 0, 12};  // a JP2 file starts with a box of twelve bytes
  const bool boxed = bytes.size() > 4 && std::memcmp(bytes.data(), box.data(), 4) == 0;
  std::unique_ptr<opj_codec_t, CloseCodec> codec(opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
  std::string words;
  opj_set_error_handler(codec.get(), keep_words, &words);
  opj_set_warning_handler(codec.get(), no_words, nullptr);
  opj_set_info_handler(codec.get(), no_words, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  const auto damaged = [&] {
    return fail(Code::corrupt, "the JPEG 2000 stream is damaged: {}", words.empty() ? "no reason given" : words);
  };
  if (!opj_setup_decoder(codec.get(), &parameters)) return damaged();
  // Damaged parts must be an error, not a picture with holes in it.
  opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE);

  Reading reading{bytes};
  std::unique_ptr<opj_stream_t, CloseStream> stream(
      opj_stream_create(std::max<std::size_t>(bytes.size(), 64), OPJ_TRUE));
  opj_stream_set_user_data(stream.get(), &reading, nullptr);
  opj_stream_set_user_data_length(stream.get(), bytes.size());
  opj_stream_set_read_function(stream.get(), read);
  opj_stream_set_skip_function(stream.get(), skip);
  opj_stream_set_seek_function(stream.get(), seek);

  opj_image_t* raw = nullptr;
  const bool headed = opj_read_header(stream.get(), codec.get(), &raw);
  std::unique_ptr<opj_image_t, CloseImage> image(raw);
  if (!headed || !image) return damaged();
  if (image->numcomps != samples || image->comps[0].prec > 16)
    return fail(Code::unsupported, "the JPEG 2000 stream has {} components of {} bits", image->numcomps,
                image->comps[0].prec);
  // Sizes are compared before the decoder takes memory for them.
  if (image->x1 - image->x0 != columns || image->y1 - image->y0 != rows)
    return fail(Code::corrupt, "the JPEG 2000 stream is {} x {}, the header says {} x {}", image->x1 - image->x0,
                image->y1 - image->y0, columns, rows);
  for (const auto& c : std::span(image->comps, samples))
    if (c.dx != image->comps[0].dx || c.dy != image->comps[0].dy)
      return fail(Code::unsupported, "the components of the JPEG 2000 stream differ in size");
  if (!opj_decode(codec.get(), stream.get(), image.get())) return damaged();
  const std::size_t n = std::size_t(rows) * columns;
  std::vector<std::uint16_t> out(n * samples);
  for (std::uint32_t s = 0; s < samples; ++s) {
    const auto& c = image->comps[s];
    if (!c.data || std::size_t(c.w) * c.h != n) return damaged();
    for (std::size_t i = 0; i < n; ++i) out[i * samples + s] = std::uint16_t(c.data[i]);
  }
  return out;
}

Result<std::string> encode_jpeg2000(std::span<const std::uint16_t> cells, const Jpeg2000Layout& layout) {
  std::vector<opj_image_cmptparm_t> parts(layout.samples);
  for (auto& part : parts)
    part = {1, 1, layout.columns, layout.rows, 0, 0, layout.bits, layout.bits, layout.is_signed ? 1u : 0u};
  std::unique_ptr<opj_image_t, CloseImage> image(
      opj_image_create(layout.samples, parts.data(), layout.samples == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY));
  if (!image) return fail(Code::unavailable, "there is no memory for the image");
  image->x1 = layout.columns;
  image->y1 = layout.rows;
  const std::uint32_t unused = 32 - layout.bits;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto left = std::uint32_t(cells[i]) << unused;  // the bits above the value are not part of it
    image->comps[i % layout.samples].data[i / layout.samples] =
        layout.is_signed ? std::int32_t(left) >> unused : std::int32_t(left >> unused);
  }
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.tcp_rates[0] = 0;  // lossless
  parameters.cp_disto_alloc = 1;
  parameters.tcp_mct = layout.samples == 3;
  // No more halvings than the smaller side allows.
  while (parameters.numresolution > 1 && std::min(layout.rows, layout.columns) >> (parameters.numresolution - 1) == 0)
    --parameters.numresolution;
  std::unique_ptr<opj_codec_t, CloseCodec> codec(opj_create_compress(OPJ_CODEC_J2K));
  std::string words, out;
  opj_set_error_handler(codec.get(), keep_words, &words);
  opj_set_warning_handler(codec.get(), no_words, nullptr);
  opj_set_info_handler(codec.get(), no_words, nullptr);
  Writing writing{out};
  std::unique_ptr<opj_stream_t, CloseStream> stream(opj_stream_default_create(OPJ_FALSE));
  opj_stream_set_user_data(stream.get(), &writing, nullptr);
  opj_stream_set_write_function(stream.get(), write);
  opj_stream_set_skip_function(stream.get(), skip_writing);
  opj_stream_set_seek_function(stream.get(), seek_writing);
  if (!opj_setup_encoder(codec.get(), &parameters, image.get()) ||
      !opj_start_compress(codec.get(), image.get(), stream.get()) || !opj_encode(codec.get(), stream.get()) ||
      !opj_end_compress(codec.get(), stream.get()))
    return fail(Code::unsupported, "the frame cannot be written as JPEG 2000: {}", words);
  return out;
}

}  // namespace larmor::dicom
