#include "dicom/web/media_type.h"

#include <algorithm>

#include "base/text.h"

namespace larmor::dicom {
namespace {

/// At a letter that stands outside of quotes.
std::vector<std::string_view> split_outside_quotes(std::string_view text, char at) {
  std::vector<std::string_view> pieces;
  bool quoted = false;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] != at || quoted) continue;
    pieces.push_back(text.substr(from, i - from));
    from = i + 1;
  }
  pieces.push_back(text.substr(from));
  return pieces;
}

std::string_view unquoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

std::string MediaType::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

MediaType media_type(std::string_view text) {
  const auto pieces = split_outside_quotes(text, ';');
  MediaType out{lower(trim(pieces[0])), {}};
  for (const auto piece : std::span(pieces).subspan(1))
    if (const auto equals = piece.find('='); equals != std::string_view::npos)
      out.parameters.emplace(lower(trim(piece.substr(0, equals))), unquoted(trim(piece.substr(equals + 1))));
  return out;
}

std::vector<std::string_view> members(std::string_view list) {
  return split_outside_quotes(list, ',');
}

}  // namespace larmor::dicom
