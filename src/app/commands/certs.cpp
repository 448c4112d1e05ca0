#include <cstdio>

#include "app/commands.h"
#include "net/certs.h"

namespace larmor::app {

Result<int> certs_init(const CertsArguments& a) {
  net::CertificateOrder order;
  order.directory = a.directory;
  order.hosts = a.names;
  const auto written = TRY(net::make_certificates(order, system_clock().now()));
  for (const auto& file : written) fmt::print("{}\n", file.string());
  if (written.empty())
    fmt::print(stderr, "All certificates were there already; nothing was changed.\n");
  else
    fmt::print(stderr, "Start each service with --set peer.certificates={}. Keep ca.key where no service runs.\n",
               a.directory.string());
  return 0;
}

}  // namespace larmor::app
