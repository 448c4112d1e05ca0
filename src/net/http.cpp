#include "net/http.h"

namespace larmor::net {

std::string_view name(Method method) {
  constexpr std::array<std::string_view, 6> names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  return names[static_cast<std::size_t>(method)];
}

}  // namespace larmor::net
