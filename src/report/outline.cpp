#include "report/outline.h"

#include <map>

namespace larmor::report {
namespace {

struct Corner {
  int x, y;
  auto operator<=>(const Corner&) const = default;  // NOLINT(modernize-use-nullptr): see base/id.h
};

/// Steps along pixel edges with the inside on the left hand; at a corner where two pixels touch, both edges are kept.
using Edges = std::multimap<Corner, Corner>;

Edges edges_of(std::span<const std::uint8_t> labels, int width, int height, int id) {
  const auto inside = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < height && labels[static_cast<std::size_t>(y) * width + x] == id;
  };
  Edges edges;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      if (!inside(x, y)) continue;
      if (!inside(x, y - 1)) edges.emplace(Corner{x + 1, y}, Corner{x, y});
      if (!inside(x - 1, y)) edges.emplace(Corner{x, y}, Corner{x, y + 1});
      if (!inside(x, y + 1)) edges.emplace(Corner{x, y + 1}, Corner{x + 1, y + 1});
      if (!inside(x + 1, y)) edges.emplace(Corner{x + 1, y + 1}, Corner{x + 1, y});
    }
  return edges;
}

/// Middles of the edges turn stairs into straight lines; two passes of (1 2 1)/4 take off what is left of the pixels.
Loop smooth(const std::vector<Corner>& corners) {
  const auto n = corners.size();
  Loop loop(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto& a = corners[i];
    const auto& b = corners[(i + 1) % n];
    loop[i] = {(a.x + b.x) / 2.0, (a.y + b.y) / 2.0};
  }
  if (n < 8) return loop;
  for (int pass = 0; pass < 2; ++pass) {
    Loop next(n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto &a = loop[(i + n - 1) % n], &b = loop[i], &c = loop[(i + 1) % n];
      next[i] = {(a.x + 2 * b.x + c.x) / 4, (a.y + 2 * b.y + c.y) / 4};
    }
    loop = std::move(next);
  }
  return loop;
}

}  // namespace

std::vector<Loop> outline(std::span<const std::uint8_t> labels, int width, int height, int id) {
  auto edges = edges_of(labels, width, height, id);
  std::vector<Loop> loops;
  while (!edges.empty()) {
    std::vector<Corner> corners;
    auto at = edges.begin();
    const Corner start = at->first;
    Corner came{0, 0}, here = start;
    do {
      auto [first, last] = edges.equal_range(here);
      at = first;
      // Where two edges leave a corner, turning left keeps pixels that touch only there in loops of their own.
      for (auto it = first; !corners.empty() && it != last; ++it) {
        const int turn = (here.x - came.x) * (it->second.y - here.y) - (here.y - came.y) * (it->second.x - here.x);
        if (turn < 0) at = it;
      }
      corners.push_back(here);
      came = here;
      here = at->second;
      edges.erase(at);
    } while (here != start && edges.count(here) > 0);
    loops.push_back(smooth(corners));
  }
  return loops;
}

}  // namespace larmor::report
