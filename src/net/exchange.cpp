#include "net/exchange.h"

namespace larmor::net {
namespace {

constexpr std::uint64_t kMostAtOnce = 4u << 20;  ///< of a file, before others have their turn

}  // namespace

/// What cannot be opened is known before the head is written.
Result<void> Exchange::find_files() {
  left = *response.stream_size;
  if (TRY(files->stretch()).count > 0) return {};
  piece_size = TRY(files->read(memory()));  // the head of a first part; what it is of comes next
  left -= std::min<std::uint64_t>(*piece_size, left);
  return files->stretch().map([](const FileStretch&) {});
}

/// As much as the connection takes without waiting, within a bound: others wait for this worker.
Result<Exchange::State> Exchange::push(Wire& wire) {
  for (const auto enough = left - std::min(left, kMostAtOnce);;) {
    if (!unsent.empty()) {
      if (!TRY(push_unsent(wire))) return State::unfinished;
    } else if (left == 0) {
      return State::finished;
    } else if (left < enough) {
      return State::unfinished;
    } else if (const auto stretch = TRY(files->stretch()); stretch.count > 0) {
      if (!TRY(push_stretch(wire, stretch))) return State::unfinished;
    } else {
      const auto got = std::min<std::uint64_t>(TRY(files->read(memory())), left);
      if (got == 0) return fail(Code::corrupt, "its source ended {} bytes early", left);
      unsent = memory().first(got);
      left -= got;
    }
  }
}

/// False when the connection takes no more now.
Result<bool> Exchange::push_unsent(Wire& wire) {
  unsent = unsent.subspan(TRY(wire.send_now(unsent, left > 0)));
  return unsent.empty();
}

Result<bool> Exchange::push_stretch(Wire& wire, FileStretch stretch) {
  stretch.count = std::min(stretch.count, left);
  const auto sent = TRY(wire.send_now(stretch));
  files->skip(sent);
  left -= sent;
  return sent == stretch.count;
}

}  // namespace larmor::net
