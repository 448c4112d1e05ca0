#pragma once
/// Result<T>: a value or an Error. Exceptions of third-party libraries end in adapters; nothing of ours throws.
#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace larmor {

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

/// `return fail(Code::not_found, "no study {}", uid);`
template <class... Args>
Failure fail(Code code, fmt::format_string<Args...> text, Args&&... args) {
  return Failure(Error{code, fmt::format(text, std::forward<Args>(args)...), {}, {}});
}

/// `return fail_with(Error{...});` where a hint or a field goes along.
inline Failure fail_with(Error error) {
  return Failure(std::move(error));
}

/// The error's own words with what the caller was doing in front of it.
inline Error while_doing(std::string_view doing, Error error) {
  error.what = fmt::format("{}: {}", doing, error.what);
  return error;
}

}  // namespace larmor

/// `auto x = TRY(compute());` returns the error to the caller, or goes on with the value.
#define TRY(...)                                                              \
  ({                                                                          \
    auto&& try_result = (__VA_ARGS__);                                        \
    if (!try_result) return ::larmor::Failure(std::move(try_result).error()); \
    std::move(*try_result);                                                   \
  })

/// TRY for a Result<void>, or where the value is not needed.
#define CHECK_OK(...)                                                                                                  \
  do {                                                                                                                 \
    if (auto&& check_result = (__VA_ARGS__); !check_result) return ::larmor::Failure(std::move(check_result).error()); \
  } while (false)
