#pragma once
/// A small private certificate authority: `larmor certs init DIR` makes it once, and a certificate per service.
///
/// DIR/ca.pem and DIR/ca.key (EC P-256, 10 years), DIR/NAME.pem and DIR/NAME.key (825 days, server and client); keys
/// are readable by their owner alone. An existing file is never overwritten: a second run only makes what is missing.
/// To renew one, delete its two files and run again. Failures: `conflict` (half a CA), `invalid` (a name no certificate
/// can carry), file errors.
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/server.h"

namespace larmor::net {

struct CertificateOrder {
  std::filesystem::path directory;
  /// Certificates to make; each name is the common name that a peer sees as Request::peer.
  std::vector<std::string> names = {"events",   "storage",    "import", "workflow",
                                    "dispatch", "processing", "export", "front"};
  /// Host names and addresses beside localhost, 127.0.0.1, ::1, the certificate's own name and this machine's host
  /// name.
  std::vector<std::string> hosts;
};

/// The files that were written, in order; empty when all was there.
Result<std::vector<std::filesystem::path>> make_certificates(const CertificateOrder&, Time now);

/// The files of one service in such a directory; with `mutual` callers, or the peer, must have a certificate of its CA.
TlsFiles tls_files(const std::filesystem::path& directory, const std::string& name, bool mutual);

struct CertificateState {
  std::string common_name;
  std::vector<std::string> hosts;  ///< DNS names and IP addresses it is good for
  Time expires;
};

/// Of the first certificate in a PEM file.
Result<CertificateState> read_certificate(const std::filesystem::path& pem);

}  // namespace larmor::net
