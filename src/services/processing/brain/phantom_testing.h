#pragma once
/// For tests: a head of balls with the labels of a brain, and what can befall its image.
#include <complex>
#include <random>

#include "imaging/volume.h"

namespace larmor::processing::brain {

/// Scalp, skull, fluid, cortex around white matter, two thalami; 1 mm, left is the smaller first index.
struct Phantom {
  imaging::Volume<float> image;
  imaging::Volume<std::uint8_t> ids, sure;
};

inline double distance(const imaging::Point& p, const imaging::Point& q) {
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

template <class T>
void fill_ball(imaging::Volume<T>& v, const imaging::Point& centre, double radius, T value) {
  for (std::size_t a = 0; a < v.shape()[0]; ++a)
    for (std::size_t b = 0; b < v.shape()[1]; ++b)
      for (std::size_t c = 0; c < v.shape()[2]; ++c)
        if (distance({double(a), double(b), double(c)}, centre) <= radius) v(a, b, c) = value;
}

/// In 112 x 112 x 112 mm with `noise` of white matter's brightness (Rician).
inline Phantom phantom(double noise = 0.01) {
  constexpr double kMiddle = 55.5;
  constexpr imaging::Point kCentre{kMiddle, kMiddle, kMiddle};
  Phantom out{imaging::Volume<float>(imaging::Grid{{112, 112, 112}, {}}),
              imaging::Volume<std::uint8_t>(imaging::Grid{{112, 112, 112}, {}}),
              {}};
  out.sure = out.ids;
  std::mt19937 random(1);
  std::normal_distribution<float> spread(0, float(noise));
  std::size_t i = 0;
  for (std::size_t a = 0; a < 112; ++a)
    for (std::size_t b = 0; b < 112; ++b)
      for (std::size_t c = 0; c < 112; ++c, ++i) {
        const double r = distance({double(a), double(b), double(c)}, kCentre);
        const bool right = double(a) > kMiddle;
        const bool thalamus =
            distance({double(a), double(b), double(c)}, {kMiddle + (right ? 10 : -10), kMiddle, kMiddle}) < 8;
        const auto [id, bright] = r > 42     ? std::pair{0, 0.0f}
                                  : r > 38   ? std::pair{0, 0.8f}
                                  : r > 35   ? std::pair{0, 0.05f}
                                  : r > 33   ? std::pair{24, 0.25f}
                                  : r > 29   ? std::pair{right ? 42 : 3, 0.7f}
                                  : thalamus ? std::pair{right ? 49 : 10, 0.85f}
                                             : std::pair{right ? 41 : 2, 1.0f};
        out.ids.voxels[i] = std::uint8_t(id);
        out.sure.voxels[i] = 255;
        out.image.voxels[i] = std::hypot(bright + spread(random), spread(random));
      }
  return out;
}

/// A restless head: it lies up to `mm` off along the second index, elsewhere for each line of k-space along that index,
/// the slow phase encoding. Each line is that of the head where it lay then (Fourier's shift theorem).
inline void fidget(imaging::Volume<float>& v, double mm) {
  using Number = std::complex<double>;
  std::mt19937 random(2);
  std::uniform_real_distribution<double> off(-mm, mm);
  const std::size_t n = v.shape()[1];
  std::vector<Number> turns(n), moved(n), k(n);
  for (std::size_t i = 0; i < n; ++i) turns[i] = std::polar(1.0, -2 * M_PI * double(i) / double(n));
  for (std::size_t f = 0; f < n; ++f) {
    const double frequency = f < n / 2 ? double(f) : double(f) - double(n);
    moved[f] = std::polar(1.0, -2 * M_PI * frequency * off(random) / double(n));
  }
  for (std::size_t a = 0; a < v.shape()[0]; ++a)
    for (std::size_t c = 0; c < v.shape()[2]; ++c) {
      for (std::size_t f = 0; f < n; ++f) {
        k[f] = 0;
        for (std::size_t b = 0; b < n; ++b) k[f] += double(v(a, b, c)) * turns[f * b % n];
        k[f] *= moved[f];
      }
      for (std::size_t b = 0; b < n; ++b) {
        Number sum = 0;
        for (std::size_t f = 0; f < n; ++f) sum += k[f] * std::conj(turns[f * b % n]);
        v(a, b, c) = float(std::abs(sum) / double(n));
      }
    }
}

}  // namespace larmor::processing::brain
