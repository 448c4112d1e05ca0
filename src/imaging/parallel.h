#pragma once
/// The slices of a volume, shared out among threads.
///
/// Slice i goes to thread i mod `threads`. What a slice computes must depend on nothing that another one writes; then
/// the result is the same for every number of threads.
#include <cstddef>
#include <thread>
#include <vector>

namespace larmor::imaging {

/// Calls work(i) for every i in [0, n); returns when all are done. `work` must not throw.
template <class Work>
void each_slice(std::size_t n, int threads, const Work& work) {
  const std::size_t many = std::size_t(threads < 1 ? 1 : threads);
  const auto share = [&](std::size_t first) {
    for (std::size_t i = first; i < n; i += many) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < many; ++t) others.emplace_back(share, t);
  share(0);
}

}  // namespace larmor::imaging
