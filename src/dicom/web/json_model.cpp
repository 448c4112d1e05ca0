#include "dicom/web/json_model.h"

#include <algorithm>

#include "base/number.h"

namespace larmor::dicom {
namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr Tag kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr std::array<Tag, 3> kPixels = {0x7FE00008, 0x7FE00009, 0x7FE00010};
constexpr std::string_view kUtf8 = "ISO_IR 192";

Failure wrong(std::string place, std::string_view why) {
  auto what = fmt::format("{}: {}", place, why);
  return fail_with({Code::invalid, std::move(what), "PS3.18 annex F says how it is written.", std::move(place)});
}

std::string name_of(Tag tag) {
  return fmt::format("({:04X},{:04X})", tag >> 16, tag & 0xFFFF);
}

std::optional<Tag> tag_of(std::string_view text) {
  if (text.size() != 8 || text.find_first_not_of("0123456789ABCDEF") != std::string_view::npos) return std::nullopt;
  return to_number<Tag>(text, 16);
}

/// Group 2 describes a file, not its object; a group's length (PS3.5 7.2) says nothing.
bool is_left_out(Tag tag) {
  return tag >> 16 == 2 || (tag & 0xFFFF) == 0;
}

bool is_pixels(Tag tag) {
  return std::find(kPixels.begin(), kPixels.end(), tag) != kPixels.end();
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Writer {
 public:
  /// `place`: of the item; empty for the object itself.
  Result<void> write(const Json& set, const std::string& place, int depth) {
    if (!set.is_object()) return wrong(place, "it is no object of attributes");
    for (const auto& [key, element] : set.items()) {
      const auto tag = tag_of(key);
      if (!tag || *tag >> 16 == 0 || *tag >> 16 == 0xFFFE)
        return wrong(place + key.substr(0, 40), "that is no tag of eight upper-case hexadecimal digits");
      if (!is_left_out(*tag)) CHECK_OK(write(*tag, element, place + name_of(*tag), depth));
      if (depth == 0 && *tag < tag::kSpecificCharacterSet) charset_at_ = out_.bytes.size();
    }
    return {};
  }

  DataSet done(bool declared) {
    if (!ascii_ && !declared) declare();
    return std::move(out_);
  }
  /// Bytes of pixels that stand in the model itself.
  std::optional<std::size_t> inline_pixels() const { return inline_pixels_; }

 private:
  Result<void> write(Tag tag, const Json& element, const std::string& place, int depth) {
    if (!element.is_object()) return wrong(place, "it is no element with a vr");
    const auto named = member_or<std::string>(element, "vr", "");
    const auto* vr = named ? find_vr(*named) : nullptr;
    if (!vr) return wrong(place, "it has no vr that is one");
    if (element.contains("Value") + element.contains("InlineBinary") + element.contains("BulkDataURI") > 1)
      return wrong(place, "it has more than one of Value, InlineBinary and BulkDataURI");
    if (element.contains("BulkDataURI")) return put_apart(tag, *vr, element, place, depth);
    if (vr->form == Form::items) return write_sequence(tag, *vr, element, place, depth);
    auto value = tag == tag::kSpecificCharacterSet ? std::string(kUtf8) : value_bytes(*vr, element);
    if (!value) return wrong(place, value.error().what);
    if (!vr->long_head && value->size() > 0xFFFF)
      return wrong(place, fmt::format("{} bytes are more than a {} can hold", value->size(), vr->name));
    ascii_ = ascii_ && (padding_of(*vr) != ' ' || is_ascii(*value));
    if (depth == 0 && is_pixels(tag)) inline_pixels_ = value->size();
    out_.bytes += element_head(tag, *vr, static_cast<std::uint32_t>(value->size())) + *value;
    return {};
  }

  Result<void> put_apart(Tag tag, const Vr& vr, const Json& element, const std::string& place, int depth) {
    auto uri = member<std::string>(element, "BulkDataURI");
    if (!uri || uri->empty() || vr.form == Form::items) return wrong(place, "its BulkDataURI is none");
    out_.apart.push_back({std::move(*uri), place, tag, &vr, out_.bytes.size(), depth == 0 && is_pixels(tag)});
    return {};
  }

  Result<void> write_sequence(Tag tag, const Vr& vr, const Json& element, const std::string& place, int depth) {
    if (depth == kDeepest) return wrong(place, fmt::format("more than {} sequences in one another", kDeepest));
    const auto items = member_or<Json>(element, "Value", Json::array());
    if (!items || !items->is_array() || element.contains("InlineBinary"))
      return wrong(place, "the Value of a sequence is an array of items");
    out_.bytes += element_head(tag, vr, kUndefined);
    for (std::size_t i = 0; i < items->size(); ++i) {
      mark(kItem, kUndefined);
      if (!(*items)[i].is_null()) CHECK_OK(write((*items)[i], fmt::format("{}[{}]", place, i + 1), depth + 1));
      mark(kItemEnd, 0);
    }
    mark(kSequenceEnd, 0);
    return {};
  }

  void mark(Tag tag, std::uint32_t length) {
    append_little_endian(out_.bytes, static_cast<std::uint16_t>(tag >> 16));
    append_little_endian(out_.bytes, static_cast<std::uint16_t>(tag));
    append_little_endian(out_.bytes, length);
  }

  void declare() {
    const auto element = element_head(tag::kSpecificCharacterSet, *find_vr("CS"), kUtf8.size()) + std::string(kUtf8);
    out_.bytes.insert(charset_at_, element);
    for (auto& one : out_.apart)
      if (one.at >= charset_at_) one.at += element.size();
  }

  DataSet out_;
  std::size_t charset_at_ = 0;
  bool ascii_ = true;
  std::optional<std::size_t> inline_pixels_;
};

std::optional<std::uint64_t> number(const Json& model, const char* tag) {
  return to_number<std::uint32_t>(first_text(model, tag));
}

/// PS3.3 C.7.6.3. Chrominance of YBR_FULL_422 is kept for every second pixel (C.7.6.3.1.2).
Result<void> measure(const Json& model, DataSet& out) {
  const auto rows = number(model, "00280010"), columns = number(model, "00280011"), bits = number(model, "00280100");
  if (!rows || !columns || !bits)
    return wrong("(7FE0,0010)",
                 "pixels come without Rows (0028,0010), Columns (0028,0011) or Bits Allocated (0028,0100)");
  const auto halved = first_text(model, "00280004") == "YBR_FULL_422";
  const auto samples = halved ? 2 : number(model, "00280002").value_or(1);
  out.frames = std::max<std::uint64_t>(number(model, "00280008").value_or(1), 1);
  if (*rows > 0xFFFF || *columns > 0xFFFF || *bits > 64 || samples > 16 || out.frames > 0xFFFFF)
    return wrong("(7FE0,0010)", "the header tells of more pixels than can be");
  out.pixel_bytes = (*rows * *columns * *bits * samples * out.frames + 7) / 8;
  return {};
}

}  // namespace

std::string first_text(const Json& model, const char* tag) {
  const auto element = model.find(tag);
  if (element == model.end() || !element->is_object()) return "";
  const auto values = element->find("Value");
  if (values == element->end() || !values->is_array() || values->empty()) return "";
  const auto& value = values->front();
  return value.is_string() ? value.get<std::string>() : value.is_number() ? value.dump() : "";
}

Result<DataSet> data_set_of(const Json& model) {
  Writer writer;
  CHECK_OK(writer.write(model, "", 0));
  auto out = writer.done(model.contains("00080005"));
  const auto inlined = writer.inline_pixels();
  if (!inlined && std::none_of(out.apart.begin(), out.apart.end(), [](const auto& a) { return a.pixels; })) return out;
  CHECK_OK(measure(model, out));
  if (inlined && *inlined != out.pixel_bytes + out.pixel_bytes % 2)
    return wrong("(7FE0,0010)", fmt::format("it has {} bytes, and the header tells of {}", *inlined, out.pixel_bytes));
  return out;
}

}  // namespace larmor::dicom
