#pragma once
/// Query parameters as rows: a handler reads one through its row, the router refuses what no row of the route allows,
/// and the OpenAPI document is printed from the rows. So no parameter is understood that is not explained.
///
/// Pure; any thread. Failures: `invalid`, with the parameter's name as the field.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace larmor::net {

struct Request;

struct Parameter {
  std::string name;
  std::string summary;
  Json schema;            ///< of one value: type, bounds, default (JSON schema)
  bool required = false;  ///< the address means nothing without it
  bool many = false;      ///< may be given several times

  /// Is what the request says of it right?
  Result<void> check(const Request&) const;
};

struct Text : Parameter {
  Text(std::string name, std::string summary);
  Result<std::optional<std::string>> in(const Request&) const;
};

/// May be given several times, each time one value.
struct Texts : Parameter {
  Texts(std::string name, std::string summary);
  Result<std::vector<std::string>> in(const Request&) const;
};

/// One of some words.
struct Word : Parameter {
  Word(std::string name, std::vector<std::string> words, std::string summary);
  Result<std::optional<std::string>> in(const Request&) const;
};

/// A whole number within bounds, `otherwise` where it is absent.
struct Whole : Parameter {
  Whole(std::string name, std::int64_t least, std::int64_t most, std::int64_t otherwise, std::string summary);
  Result<std::int64_t> in(const Request&) const;
};

/// The same with a fraction.
struct Number : Parameter {
  Number(std::string name, double least, double most, double otherwise, std::string summary);
  Result<double> in(const Request&) const;
};

/// The same row for an address that means nothing without it.
template <class Row>
Row required(Row row) {
  row.required = true;
  return row;
}

/// Does the request keep to the rows? A parameter without a row is refused, and the nearest known one named.
Result<void> check_query(const std::vector<Parameter>& rows, const Request&);

}  // namespace larmor::net
