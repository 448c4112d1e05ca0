#include "imaging/nifti/header.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace larmor::imaging::nifti {
namespace {

constexpr std::size_t kDescription = 148, kDescriptionBytes = 80;  // descrip, with its closing zero

static_assert(std::endian::native == std::endian::little, "the writer stores numbers as they lie in memory");

template <class T>
T load(const std::byte* from, bool swapped) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  if (swapped) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

template <class T>
float as_float(const std::byte* from, bool swapped) {
  const T value = load<T>(from, swapped);
  if constexpr (std::is_same_v<T, double>) {
    // A double beyond float's range would be undefined to convert; it is no intensity anyway.
    if (!(std::abs(value) <= 3e38)) return std::numeric_limits<float>::quiet_NaN();
  }
  return static_cast<float>(value);
}

template <class T>
constexpr TypeRow type_of(int code) {
  return {code, sizeof(T), as_float<T>};
}

constexpr std::array kTypes = {type_of<std::uint8_t>(2),    type_of<std::int16_t>(4),    type_of<std::int32_t>(8),
                               type_of<float>(16),          type_of<double>(64),         type_of<std::int8_t>(256),
                               type_of<std::uint16_t>(512), type_of<std::uint32_t>(768), type_of<std::int64_t>(1024),
                               type_of<std::uint64_t>(1280)};

/// Columns in NIfTI's order (i, j, k) become the volume's (k, j, i).
Affine swap_order(const Affine& a) {
  Affine out = a;
  out.set_column(0, a.column(2));
  out.set_column(2, a.column(0));
  return out;
}

/// Method 2 of nifti1.h: a unit quaternion, offsets and pixel sizes.
Affine from_quaternion(double b, double c, double d, const Point& offset, const Point& size, double handed) {
  const double square = b * b + c * c + d * d;
  const double scale = square > 1 ? 1 / std::sqrt(square) : 1;
  b *= scale, c *= scale, d *= scale;
  const double a = std::sqrt(std::max(0.0, 1 - std::min(1.0, square)));
  Affine out;
  out.set_column(
      0, {(a * a + b * b - c * c - d * d) * size[0], 2 * (b * c + a * d) * size[0], 2 * (b * d - a * c) * size[0]});
  out.set_column(
      1, {2 * (b * c - a * d) * size[1], (a * a + c * c - b * b - d * d) * size[1], 2 * (c * d + a * b) * size[1]});
  const double z = size[2] * handed;
  out.set_column(2, {2 * (b * d + a * c) * z, 2 * (c * d - a * b) * z, (a * a + d * d - c * c - b * b) * z});
  out.set_column(3, offset);
  return out;
}

/// Millimetres in the unit of the code (xyzt_units, lower three bits); unknown counts as mm, as everybody does.
double millimetres(int units) {
  return (units & 7) == 1 ? 1000 : (units & 7) == 3 ? 0.001 : 1;
}

}  // namespace

const TypeRow* type_row(int code) {
  const auto it = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeRow& t) { return t.code == code; });
  return it == kTypes.end() ? nullptr : &*it;
}

Result<Header> parse_header(std::span<const std::byte, kHeaderBytes> raw) {
  const auto at = [&](std::size_t offset) { return raw.data() + offset; };
  Header h;
  if (const auto size = load<std::int32_t>(at(0), false); size != 348) {
    if (size == 540 || load<std::int32_t>(at(0), true) == 540)
      return fail(Code::unsupported, "this is NIfTI-2; Larmor reads NIfTI-1. Convert it first");
    if (load<std::int32_t>(at(0), true) != 348)
      return fail(Code::corrupt, "this is not a NIfTI-1 file: the header has no size of 348");
    h.swapped = true;
  }
  const std::string_view magic(reinterpret_cast<const char*>(at(344)), 4);
  if (magic == std::string_view("ni1\0", 4))
    return fail(Code::unsupported,
                "the image of this header lies in a second file (.hdr and .img); convert it to one .nii file");
  if (magic != std::string_view("n+1\0", 4))
    return fail(Code::corrupt, "this is not a NIfTI-1 file: the magic word is missing");

  std::array<int, 8> dim;
  for (std::size_t i = 0; i < 8; ++i) dim[i] = load<std::int16_t>(at(40 + 2 * i), h.swapped);
  if (dim[0] < 3 || dim[0] > 7)
    return fail(Code::unsupported, "the image has {} dimensions; a volume has three", dim[0]);
  for (int i = 1; i <= 3; ++i)
    if (dim[i] < 1) return fail(Code::corrupt, "dimension {} of the image is {}", i, dim[i]);
  for (int i = 4; i <= dim[0]; ++i)
    if (dim[i] > 1) return fail(Code::unsupported, "the file holds {} volumes; give a file with one", dim[i]);
  h.grid.shape = {std::size_t(dim[3]), std::size_t(dim[2]), std::size_t(dim[1])};
  if (count(h.grid.shape) > kMostVoxels)
    return fail(Code::too_large, "the image has {} x {} x {} voxels; at most {} are read", dim[1], dim[2], dim[3],
                kMostVoxels);

  const int code = load<std::int16_t>(at(70), h.swapped);
  h.type = type_row(code);
  if (!h.type) return fail(Code::unsupported, "data type {} is not one real number a voxel", code);

  const float offset = load<float>(at(108), h.swapped);
  if (!(offset >= 352 && offset <= 1e6f))
    return fail(Code::corrupt, "the image data starts at byte {}, which cannot be", offset);
  h.data_offset = std::size_t(offset);
  const double slope = load<float>(at(112), h.swapped), intercept = load<float>(at(116), h.swapped);
  if (std::isfinite(slope) && slope != 0 && std::isfinite(intercept)) h.slope = slope, h.intercept = intercept;

  const auto* words = reinterpret_cast<const char*>(raw.data() + kDescription);
  h.description.assign(words, ::strnlen(words, kDescriptionBytes));

  const double mm = millimetres(std::to_integer<int>(raw[123]));
  std::array<double, 4> pixdim;
  for (std::size_t i = 0; i < 4; ++i) pixdim[i] = load<float>(at(76 + 4 * i), h.swapped);
  const Point size{std::abs(pixdim[1]), std::abs(pixdim[2]), std::abs(pixdim[3])};
  const int qform = load<std::int16_t>(at(252), h.swapped), sform = load<std::int16_t>(at(254), h.swapped);
  std::array<double, 6> q;
  for (std::size_t i = 0; i < 6; ++i) q[i] = load<float>(at(256 + 4 * i), h.swapped);
  Affine place;
  if (sform > 0) {
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t c = 0; c < 4; ++c) place.rows[r][c] = load<float>(at(280 + 16 * r + 4 * c), h.swapped);
  } else if (qform > 0) {
    place = from_quaternion(q[0], q[1], q[2], {q[3], q[4], q[5]}, size, pixdim[0] < 0 ? -1 : 1);
  } else {
    for (int i = 0; i < 3; ++i) place.rows[i][i] = size[i];
    h.orientation_known = false;
  }
  for (auto& row : place.rows)
    for (auto& v : row) v *= mm;
  h.grid.to_world = swap_order(place);
  if (!is_usable(h.grid.to_world))
    return fail(Code::corrupt, "the image's place in space (sform, qform, pixdim) has no volume");
  return h;
}

std::string header_bytes(const Grid& grid, int code, std::string_view description) {
  std::string out(352, '\0');
  const auto put = [&](std::size_t offset, auto value) { std::memcpy(out.data() + offset, &value, sizeof value); };
  put(0, std::int32_t{348});
  const auto size = spacing(grid.to_world);
  put(40, std::int16_t{3});
  for (std::size_t i = 0; i < 7; ++i) put(42 + 2 * i, std::int16_t(i < 3 ? grid.shape[2 - i] : 1));
  put(70, std::int16_t(code));
  put(72, std::int16_t(8 * type_row(code)->bytes));
  put(76, 1.0f);
  for (std::size_t i = 0; i < 3; ++i) put(80 + 4 * i, float(size[2 - i]));
  put(108, 352.0f);
  put(112, 1.0f);
  out[123] = 2;  // mm
  description.substr(0, kDescriptionBytes - 1).copy(out.data() + kDescription, kDescriptionBytes - 1);
  put(254, std::int16_t{1});
  const Affine place = swap_order(grid.to_world);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c) put(280 + 16 * r + 4 * c, float(place.rows[r][c]));
  std::memcpy(out.data() + 344, "n+1", 3);
  return out;
}

}  // namespace larmor::imaging::nifti
