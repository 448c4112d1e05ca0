#include "dicom/dimse/peer.h"

#include "base/text.h"

namespace larmor::dimse {

std::string words(const Peer& peer) {
  return fmt::format("{} ({}:{})", peer.name, peer.host, peer.port);
}

Result<AeTitle> parse_ae_title(std::string_view text) {
  const auto title = trim(text);
  const auto forbidden = [](char c) { return c == '\\' || c < 0x20 || c > 0x7e; };
  if (title.empty() || title.size() > 16 || std::any_of(title.begin(), title.end(), forbidden))
    return fail_with({Code::invalid, fmt::format("'{}' is no AE title", text),
                      "An AE title has 1 to 16 printable ASCII characters, without a backslash", ""});
  return AeTitle(std::string(title));
}

}  // namespace larmor::dimse
