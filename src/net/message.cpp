#include "net/message.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <cstring>

namespace larmor::net {
namespace http = boost::beast::http;
using boost::beast::string_view;
using ErrorCode = boost::beast::error_code;

namespace {

std::optional<Method> known(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::patch:
      return Method::patch;
    case http::verb::delete_:
      return Method::del;
    default:
      return std::nullopt;
  }
}

Refusal refusal_of(const ErrorCode& error) {
  if (error == http::error::header_limit) return {431, "the header is too long"};
  if (error == http::error::body_limit) return {413, "the body is too long"};
  if (error == http::error::bad_version) return {505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  return {400, fmt::format("not a valid HTTP message: {}", error.message())};
}

std::string lower_case(string_view text) {
  std::string out(text.data(), text.size());
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

void append_headers(std::string& out, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    out += name;
    out += ": ";
    for (const char c : value)
      if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    out += "\r\n";
  }
  out += "\r\n";
}

}  // namespace

class MessageReader::Parser {
 public:
  virtual ~Parser() = default;
  virtual std::size_t read_head(std::string_view in) = 0;
  virtual bool has_head() const = 0;
  virtual Step read_body(Bytes in, MutableBytes out) = 0;
  virtual bool end_of_input() = 0;
  virtual bool done() const = 0;

  Head head;
  std::optional<Refusal> refusal;
};

template <bool is_request>
class MessageReader::BeastParser final : public Parser, private http::basic_parser<is_request> {
  using Base = http::basic_parser<is_request>;

 public:
  BeastParser(std::size_t header_limit, std::uint64_t body_limit, bool without_body) {
    this->header_limit(static_cast<std::uint32_t>(header_limit));
    this->body_limit(body_limit);
    this->skip(without_body);
  }

  std::size_t read_head(std::string_view in) override {
    std::size_t consumed = 0;
    while (!refusal && !has_head() && consumed < in.size()) {
      const auto n = step(in.data() + consumed, in.size() - consumed);
      if (n == 0) break;
      consumed += n;
    }
    if (has_head() && !refusal) finish_head();
    return consumed;
  }

  bool has_head() const override { return Base::is_header_done(); }
  bool done() const override { return Base::is_done(); }

  Step read_body(Bytes in, MutableBytes out) override {
    out_ = out;
    Step total;
    while (!refusal && !done() && total.consumed < in.size()) {
      const auto before = out_.size();
      const auto n = step(reinterpret_cast<const char*>(in.data()) + total.consumed, in.size() - total.consumed);
      if (n == 0 && out_.size() == before) break;
      total.consumed += n;
    }
    total.produced = out.size() - out_.size();
    out_ = {};
    return total;
  }

  bool end_of_input() override {
    if (done()) return true;
    if (!Base::got_some()) return false;
    ErrorCode error;
    Base::put_eof(error);
    return !error && done();
  }

 private:
  std::size_t step(const char* data, std::size_t size) {
    ErrorCode error;
    const auto n = Base::put(boost::asio::const_buffer(data, size), error);
    if (error && error != http::error::need_more && error != http::error::need_buffer) refusal = refusal_of(error);
    return n;
  }

  void finish_head() {
    head.keep_alive = Base::keep_alive();
    head.chunked = Base::chunked();
    if (const auto length = Base::content_length()) head.length = *length;
    if (is_request && !head.chunked && head.headers.count("transfer-encoding") > 0)
      refusal = Refusal{501, "the only transfer encoding understood is chunked"};
  }

  void on_request_impl(http::verb method, string_view, string_view target, int version, ErrorCode& error) override {
    head.method = known(method);
    head.target.assign(target.data(), target.size());
    head.http_1_0 = version < 11;
    error = {};
  }
  void on_response_impl(int code, string_view, int version, ErrorCode& error) override {
    head.status = code;
    head.http_1_0 = version < 11;
    error = {};
  }
  void on_field_impl(http::field, string_view name, string_view value, ErrorCode& error) override {
    if (!Base::is_header_done())  // trailers are read over: nothing of ours is told in them
      head.headers.emplace(lower_case(name), std::string(value.data(), value.size()));
    error = {};
  }
  void on_header_impl(ErrorCode& error) override { error = {}; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode& error) override { error = {}; }
  std::size_t on_body_impl(string_view body, ErrorCode& error) override { return take(body, error); }
  void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode& error) override { error = {}; }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode& error) override {
    return take(body, error);
  }
  void on_finish_impl(ErrorCode& error) override { error = {}; }

  std::size_t take(string_view body, ErrorCode& error) {
    const auto n = std::min(body.size(), out_.size());
    if (n > 0) std::memcpy(out_.data(), body.data(), n);
    out_ = out_.subspan(n);
    error = n == body.size() ? ErrorCode() : make_error_code(http::error::need_buffer);
    return n;
  }

  MutableBytes out_;
};

MessageReader::MessageReader(Kind kind, std::size_t header_limit, std::uint64_t body_limit) {
  if (kind == Kind::request)
    parser_ = std::make_unique<BeastParser<true>>(header_limit, body_limit, false);
  else
    parser_ = std::make_unique<BeastParser<false>>(header_limit, body_limit, kind == Kind::response_to_head);
}
MessageReader::MessageReader(MessageReader&&) noexcept = default;
MessageReader::~MessageReader() = default;

std::size_t MessageReader::read_head(std::string_view in) {
  return parser_->read_head(in);
}
bool MessageReader::has_head() const {
  return parser_->has_head();
}
Head& MessageReader::head() {
  return parser_->head;
}
MessageReader::Step MessageReader::read_body(Bytes in, MutableBytes out) {
  return parser_->read_body(in, out);
}
bool MessageReader::end_of_input() {
  return parser_->end_of_input();
}
bool MessageReader::done() const {
  return parser_->done();
}
const std::optional<Refusal>& MessageReader::refusal() const {
  return parser_->refusal;
}

std::string_view reason_phrase(int status) {
  const auto text = http::obsolete_reason(static_cast<http::status>(status));
  return {text.data(), text.size()};
}

std::string write_head(int status, const Headers& headers) {
  auto out = fmt::format("HTTP/1.1 {} {}\r\n", status, reason_phrase(status));
  append_headers(out, headers);
  return out;
}

std::string write_head(Method method, std::string_view target, const Headers& headers) {
  auto out = fmt::format("{} {} HTTP/1.1\r\n", name(method), target);
  append_headers(out, headers);
  return out;
}

}  // namespace larmor::net
