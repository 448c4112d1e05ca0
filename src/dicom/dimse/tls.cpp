#include <dcmtk/dcmtls/tlslayer.h>

#include "dicom/dimse/transport.h"

namespace larmor::dimse {

Result<std::shared_ptr<DcmTransportLayer>> tls_layer(const TlsFiles& files, Role role) {
  const auto wrong = [](const std::filesystem::path& file, std::string_view what, const OFCondition& why) {
    return fail_with({Code::invalid, fmt::format("cannot use {} as the {}: {}", file.string(), what, why.text()),
                      "It must be a PEM file that Larmor may read", "tls"});
  };
  DcmTLSTransportLayer::initializeOpenSSL();
  const auto side = role == Role::acceptor ? NET_ACCEPTOR : NET_REQUESTOR;
  auto layer = std::make_shared<DcmTLSTransportLayer>(side, nullptr, OFFalse);
  if (const auto c = layer->setPrivateKeyFile(files.key.c_str(), DCF_Filetype_PEM); c.bad())
    return wrong(files.key, "private key", c);
  if (const auto c = layer->setCertificateFile(files.certificate.c_str(), DCF_Filetype_PEM); c.bad())
    return wrong(files.certificate, "certificate", c);
  if (!layer->checkPrivateKeyMatchesCertificate())
    return fail(Code::invalid, "the key {} does not belong to the certificate {}", files.key.string(),
                files.certificate.string());
  if (const auto c = layer->addTrustedCertificateFile(files.authorities.c_str(), DCF_Filetype_PEM); c.bad())
    return wrong(files.authorities, "list of authorities", c);
  layer->setCertificateVerification(DCV_requireCertificate);
  if (const auto c = layer->setTLSProfile(TSP_Profile_BCP195_ND); c.bad())
    return fail(Code::internal, "cannot set the TLS profile: {}", c.text());
  if (const auto c = layer->activateCipherSuites(); c.bad())
    return fail(Code::internal, "cannot set the cipher suites: {}", c.text());
  return std::shared_ptr<DcmTransportLayer>(std::move(layer));
}

}  // namespace larmor::dimse
