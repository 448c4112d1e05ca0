#pragma once
/// For the contract suites of the services: the same tests talk to the service itself, and to the same service behind
/// loopback REST with mutual TLS, as its peers do.
///
/// A suite is a `TestWithParam<net::testing::Way>` whose fixture asks `Seen` for the contract to talk to, and ends with
/// INSTANTIATE_TEST_SUITE_P(Contract, Suite, net::testing::kWays, net::testing::name_of).
#include "net/certs.h"
#include "net/test_support.h"

namespace larmor::net::testing {

enum class Way { here, over_rest };

inline const auto kWays = ::testing::Values(Way::here, Way::over_rest);

inline std::string name_of(const ::testing::TestParamInfo<Way>& info) {
  return info.param == Way::here ? "Here" : "OverRest";
}

/// Who calls, by her certificate.
inline constexpr auto kCaller = "anna";

/// The files of a small authority that is made once per program and gone at its end.
inline TlsFiles certificate_of(const std::string& name) {
  static const Scratch directory;
  static const auto made =
      make_certificates({.directory = directory.path(), .names = {"server", kCaller}}, system_clock().now());
  if (!made) ADD_FAILURE() << to_string(made.error());
  return tls_files(directory.path(), name, true);
}

/// A contract as a test sees it. What it was asked to show must outlive it, or close() comes first.
template <class Contract>
class Seen {
 public:
  Seen(Way way, std::vector<Route> (*routes)(Contract&), std::unique_ptr<Contract> (*connect)(std::shared_ptr<Client>))
      : way_(way), routes_(routes), connect_(connect) {}

  /// The service itself, or a remote to it; good until the next show() or close().
  Contract& show(Contract& local) {
    close();
    if (way_ == Way::here) return local;
    server_ = std::make_unique<Running>(routes_(local), ServerOptions{.tls = certificate_of("server")});
    remote_ = connect_(client_of(*server_, {.tls = certificate_of(kCaller)}));
    return *remote_;
  }
  void close() {
    remote_.reset();
    server_.reset();
  }

 private:
  Way way_;
  std::vector<Route> (*routes_)(Contract&);
  std::unique_ptr<Contract> (*connect_)(std::shared_ptr<Client>);
  std::unique_ptr<Running> server_;
  std::unique_ptr<Contract> remote_;
};

}  // namespace larmor::net::testing
