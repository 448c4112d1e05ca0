#pragma once
/// What both ends of an association need to say about themselves and each other.
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace larmor::dimse {

/// PS3.15 B.12, the BCP 195 secure transport connection profile.
struct TlsFiles {
  std::filesystem::path certificate;  ///< PEM chain
  std::filesystem::path key;          ///< PEM
  std::filesystem::path authorities;  ///< PEM; the other end must show a certificate of one of them
};

/// An application entity that we call.
struct Peer {
  std::string name;  ///< for messages: "ARCHIVE"
  std::string host;
  int port = 104;
  AeTitle called;  ///< its title
  AeTitle calling{"LARMOR"};
  std::optional<TlsFiles> tls;
  std::uint32_t pdu = 131072;  ///< bytes that we take per PDU, 4096 to 131072
  Duration connect = 10s;      ///< patience for TCP and the association's negotiation
  Duration answer = 60s;       ///< patience for each answer
};

/// "ARCHIVE (10.0.0.5:104)".
std::string words(const Peer&);

/// PS3.5: 1 to 16 characters, neither blanks alone nor a backslash.
Result<AeTitle> parse_ae_title(std::string_view);

inline constexpr std::string_view kVerification = "1.2.840.10008.1.1";
inline constexpr std::string_view kImplicitLittle = "1.2.840.10008.1.2";
inline constexpr std::string_view kExplicitLittle = "1.2.840.10008.1.2.1";
inline constexpr std::string_view kExplicitBig = "1.2.840.10008.1.2.2";

}  // namespace larmor::dimse
