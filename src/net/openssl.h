#pragma once
/// OpenSSL's objects in unique_ptr: `std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>`.

namespace larmor::net {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* p) const {
    free(p);
  }
};

}  // namespace larmor::net
