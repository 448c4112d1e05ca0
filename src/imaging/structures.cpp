#include "imaging/structures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace larmor::imaging {
namespace {

constexpr Code kAnatomy{"123037004", "SCT", "Anatomical Structure"};
constexpr Code kSubstance{"91720002", "SCT", "Body Substance"};
constexpr Code kLeft{"7771000", "SCT", "Left"};
constexpr Code kRight{"24028007", "SCT", "Right"};

constexpr Code kWhite{"68523003", "SCT", "Cerebral White Matter"};
constexpr Code kCortex{"40146001", "SCT", "Cerebral Gray Matter"};
constexpr Code kLateral{"66720007", "SCT", "Lateral Ventricle"};
constexpr Code kInferior{"53118009", "SCT", "Inferior Horn of Lateral Ventricle"};
constexpr Code kCerebellarWhite{"33060004", "SCT", "Cerebellar White Matter"};
constexpr Code kCerebellarCortex{"25991003", "SCT", "Cerebellar Cortex"};
constexpr Code kThalamus{"119406000", "SCT", "Thalamus"};
constexpr Code kCaudate{"11000004", "SCT", "Caudate Nucleus"};
constexpr Code kPutamen{"89278009", "SCT", "Putamen"};
constexpr Code kPallidum{"14738005", "SCT", "Globus Pallidus"};
constexpr Code kThird{"49841001", "SCT", "Third ventricle"};
constexpr Code kFourth{"35918002", "SCT", "Fourth Ventricle"};
constexpr Code kBrainstem{"119238007", "SCT", "Brain Stem"};
constexpr Code kHippocampus{"5366008", "SCT", "Hippocampus"};
constexpr Code kAmygdala{"4958002", "SCT", "Amygdala"};
constexpr Code kFluid{"65216001", "SCT", "Cerebrospinal fluid"};
constexpr Code kAccumbens{"427667007", "SCT", "Nucleus Accumbens"};
constexpr Code kVentral{"110700", "DCM", "Ventral Diencephalon"};

constexpr Side L = Side::left, R = Side::right, M = Side::middle;

constexpr std::array kStructures = {
    Structure{2, "Left-Cerebral-White-Matter", "cerebral white matter", L, 41, kAnatomy, kWhite, {232, 228, 214}},
    Structure{3, "Left-Cerebral-Cortex", "cerebral cortex", L, 42, kAnatomy, kCortex, {226, 98, 104}},
    Structure{4, "Left-Lateral-Ventricle", "lateral ventricle", L, 43, kAnatomy, kLateral, {150, 92, 208}},
    Structure{5, "Left-Inf-Lat-Vent", "inferior lateral ventricle", L, 44, kAnatomy, kInferior, {204, 120, 242}},
    Structure{7,
              "Left-Cerebellum-White-Matter",
              "cerebellar white matter",
              L,
              46,
              kAnatomy,
              kCerebellarWhite,
              {206, 226, 150}},
    Structure{8, "Left-Cerebellum-Cortex", "cerebellar cortex", L, 47, kAnatomy, kCerebellarCortex, {232, 150, 56}},
    Structure{10, "Left-Thalamus", "thalamus", L, 49, kAnatomy, kThalamus, {60, 166, 92}},
    Structure{11, "Left-Caudate", "caudate", L, 50, kAnatomy, kCaudate, {110, 178, 228}},
    Structure{12, "Left-Putamen", "putamen", L, 51, kAnatomy, kPutamen, {224, 74, 160}},
    Structure{13, "Left-Pallidum", "pallidum", L, 52, kAnatomy, kPallidum, {84, 116, 240}},
    Structure{14, "3rd-Ventricle", "third ventricle", M, 0, kAnatomy, kThird, {214, 180, 140}},
    Structure{15, "4th-Ventricle", "fourth ventricle", M, 0, kAnatomy, kFourth, {70, 206, 166}},
    Structure{16, "Brain-Stem", "brainstem", M, 0, kAnatomy, kBrainstem, {126, 160, 184}},
    Structure{17, "Left-Hippocampus", "hippocampus", L, 53, kAnatomy, kHippocampus, {242, 208, 48}},
    Structure{18, "Left-Amygdala", "amygdala", L, 54, kAnatomy, kAmygdala, {86, 222, 222}},
    Structure{24, "CSF", "cerebrospinal fluid", M, 0, kSubstance, kFluid, {104, 124, 152}},
    Structure{26, "Left-Accumbens-area", "accumbens", L, 58, kAnatomy, kAccumbens, {255, 140, 66}},
    Structure{28, "Left-VentralDC", "ventral diencephalon", L, 60, kAnatomy, kVentral, {180, 108, 82}},
    Structure{41, "Right-Cerebral-White-Matter", "cerebral white matter", R, 2, kAnatomy, kWhite, {232, 228, 214}},
    Structure{42, "Right-Cerebral-Cortex", "cerebral cortex", R, 3, kAnatomy, kCortex, {226, 98, 104}},
    Structure{43, "Right-Lateral-Ventricle", "lateral ventricle", R, 4, kAnatomy, kLateral, {150, 92, 208}},
    Structure{44, "Right-Inf-Lat-Vent", "inferior lateral ventricle", R, 5, kAnatomy, kInferior, {204, 120, 242}},
    Structure{46,
              "Right-Cerebellum-White-Matter",
              "cerebellar white matter",
              R,
              7,
              kAnatomy,
              kCerebellarWhite,
              {206, 226, 150}},
    Structure{47, "Right-Cerebellum-Cortex", "cerebellar cortex", R, 8, kAnatomy, kCerebellarCortex, {232, 150, 56}},
    Structure{49, "Right-Thalamus", "thalamus", R, 10, kAnatomy, kThalamus, {60, 166, 92}},
    Structure{50, "Right-Caudate", "caudate", R, 11, kAnatomy, kCaudate, {110, 178, 228}},
    Structure{51, "Right-Putamen", "putamen", R, 12, kAnatomy, kPutamen, {224, 74, 160}},
    Structure{52, "Right-Pallidum", "pallidum", R, 13, kAnatomy, kPallidum, {84, 116, 240}},
    Structure{53, "Right-Hippocampus", "hippocampus", R, 17, kAnatomy, kHippocampus, {242, 208, 48}},
    Structure{54, "Right-Amygdala", "amygdala", R, 18, kAnatomy, kAmygdala, {86, 222, 222}},
    Structure{58, "Right-Accumbens-area", "accumbens", R, 26, kAnatomy, kAccumbens, {255, 140, 66}},
    Structure{60, "Right-VentralDC", "ventral diencephalon", R, 28, kAnatomy, kVentral, {180, 108, 82}},
};

constexpr std::array kLobes = {
    Lobe{1, "frontal lobe", {"83251001", "SCT", "Frontal lobe"}},
    Lobe{2, "parietal lobe", {"16630005", "SCT", "Parietal lobe"}},
    Lobe{3, "temporal lobe", {"78277001", "SCT", "Temporal lobe"}},
    Lobe{4, "occipital lobe", {"31065004", "SCT", "Occipital lobe"}},
    Lobe{5, "cingulate gyrus", {"cingulate_gyrus", "99LARMOR", "Cingulate gyrus"}},
    Lobe{6, "insula", {"36169008", "SCT", "Insula"}},
};

/// sRGB (IEC 61966-2-1) to linear light.
double linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// CIE 15: the cube root with its straight piece near black.
double lab_curve(double t) {
  constexpr double kDelta = 6.0 / 29.0;
  return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29.0;
}

std::uint16_t to_word(double value, double least, double range) {
  return static_cast<std::uint16_t>(std::lround(std::clamp((value - least) / range, 0.0, 1.0) * 65535));
}

}  // namespace

std::span<const Structure> structures() {
  return kStructures;
}

std::span<const Lobe> lobes() {
  return kLobes;
}

const Structure* structure(int id) {
  const auto at = std::lower_bound(kStructures.begin(), kStructures.end(), id,
                                   [](const Structure& s, int wanted) { return s.id < wanted; });
  return at != kStructures.end() && at->id == id ? &*at : nullptr;
}

std::string_view name(Side side) {
  constexpr std::array<std::string_view, 3> names{"middle", "left", "right"};
  return names[std::size_t(side)];
}

std::string full_name(const Structure& s) {
  return s.side == Side::middle ? std::string(s.name) : fmt::format("{} {}", name(s.side), s.name);
}

const Code* laterality(Side side) {
  if (side == Side::middle) return nullptr;
  return side == Side::left ? &kLeft : &kRight;
}

bool is_ventricle(int id) {
  return id == 4 || id == 5 || id == 14 || id == 15 || id == 43 || id == 44;
}

bool is_tissue(int id) {
  return id != 0 && id != 24 && !is_ventricle(id);
}

bool is_white_matter(int id) {
  return id == 2 || id == 41;
}

bool is_cortex(int id) {
  return id == 3 || id == 42;
}

std::array<std::uint16_t, 3> to_dicom_lab(Rgb colour) {
  const double r = linear(colour.red), g = linear(colour.green), b = linear(colour.blue);
  // sRGB primaries adapted to the D50 white of the ICC profile connection space (Bradford).
  const double x = (0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.9642;
  const double y = 0.2225045 * r + 0.7168786 * g + 0.0606169 * b;
  const double z = (0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.8249;
  const double fx = lab_curve(x), fy = lab_curve(y), fz = lab_curve(z);
  return {to_word(116 * fy - 16, 0, 100), to_word(500 * (fx - fy), -128, 255), to_word(200 * (fy - fz), -128, 255)};
}

}  // namespace larmor::imaging
