#pragma once
/// HTTP/1.1 messages as bytes, without any I/O: server and client feed what arrives and get heads and body bytes out.
///
/// The parser is Boost.Beast's, known to message.cpp alone. One message per MessageReader, one thread at a time.
#include <memory>
#include <optional>
#include <string>

#include "net/http.h"

namespace larmor::net {

/// A request line or a status line, with its headers.
struct Head {
  std::optional<Method> method;  ///< nothing for a verb that Larmor does not know
  std::string target;
  int status = 0;
  Headers headers;
  bool http_1_0 = false;
  bool keep_alive = false;
  bool chunked = false;
  std::optional<std::uint64_t> length;  ///< Content-Length

  bool has_body() const { return chunked || length.value_or(0) > 0; }
};

/// A message that cannot be taken, with the status to say so.
struct Refusal {
  int status = 400;
  std::string what;
};

class MessageReader {
 public:
  enum class Kind { request, response, response_to_head };
  /// How much of the input was used, and how many body bytes came out.
  struct Step {
    std::size_t consumed = 0, produced = 0;
  };

  MessageReader(Kind, std::size_t header_limit, std::uint64_t body_limit);
  MessageReader(MessageReader&&) noexcept;
  ~MessageReader();

  /// Give all that arrived and was not consumed; returns what it consumed, 0 while the head is incomplete or after a
  /// refusal.
  std::size_t read_head(std::string_view in);
  bool has_head() const;
  Head& head();
  /// After the head. Consumes nothing when it needs more input than given.
  Step read_body(Bytes in, MutableBytes out);
  /// The other side has closed: true when that ends the message properly.
  bool end_of_input();
  bool done() const;
  const std::optional<Refusal>& refusal() const;

 private:
  class Parser;
  template <bool is_request>
  class BeastParser;
  std::unique_ptr<Parser> parser_;
};

/// "HTTP/1.1 200 OK" with headers and the blank line. Control characters in values are dropped: no header splits the
/// message.
std::string write_head(int status, const Headers&);
std::string write_head(Method, std::string_view target, const Headers&);
std::string_view reason_phrase(int status);

}  // namespace larmor::net
