#include "dicom/data/scan.h"

#include <algorithm>
#include <array>

#include "dicom/data/deflated.h"

namespace larmor::dicom {
namespace {

constexpr std::string_view kImplicit = "1.2.840.10008.1.2", kBigEndian = "1.2.840.10008.1.2.2";
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr Tag kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr std::size_t kDeepest = 64;                          // nested sequences and items
constexpr std::size_t kMostItems = 100;                       // of a sequence that is looked into
constexpr std::size_t kMostInflated = std::size_t{16} << 20;  // a head beyond that is cut there

constexpr std::uint16_t vr(const char* letters) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(letters[0]) << 8 |
                                    static_cast<unsigned char>(letters[1]));
}

bool is_upper(std::byte b) {
  return b >= std::byte{'A'} && b <= std::byte{'Z'};
}

/// PS3.5 section 7.1.2: these have 16 bits of length; all others, also those still to be invented, two reserved bytes
/// and 32.
bool has_short_length(std::uint16_t code) {
  static constexpr std::array kShort = {vr("AE"), vr("AS"), vr("AT"), vr("CS"), vr("DA"), vr("DS"), vr("DT"),
                                        vr("FD"), vr("FL"), vr("IS"), vr("LO"), vr("LT"), vr("PN"), vr("SH"),
                                        vr("SL"), vr("SS"), vr("ST"), vr("TM"), vr("UI"), vr("UL"), vr("US")};
  return std::binary_search(kShort.begin(), kShort.end(), code);
}

struct Coding {
  bool big = false, explicit_vr = true;
};

struct Element {
  Tag tag = 0;
  std::uint16_t vr = 0;      ///< 0 in implicit coding and for item tags
  std::uint32_t length = 0;  ///< of the value; kUndefined where a delimiter ends it
  std::size_t value_at = 0;
};

enum class Step { fine, cut, malformed };

/// Reads element heads and steps over values, never beyond the bytes.
class Walker {
 public:
  explicit Walker(Bytes bytes) : bytes_(bytes) {}

  std::size_t at = 0;
  std::string_view why;  ///< set when a step is malformed

  bool done() const { return at == bytes_.size(); }
  std::size_t left() const { return bytes_.size() - at; }
  Bytes bytes() const { return bytes_; }

  Step head(Coding coding, Element& e) {
    if (left() < 8) return Step::cut;
    const auto group = number<std::uint16_t>(at, coding.big), element = number<std::uint16_t>(at + 2, coding.big);
    e.tag = static_cast<Tag>(group) << 16 | element;
    e.vr = 0;
    e.value_at = at + 8;
    if (!coding.explicit_vr || group == 0xFFFE) {
      e.length = number<std::uint32_t>(at + 4, coding.big);
      return Step::fine;
    }
    if (!is_upper(bytes_[at + 4]) || !is_upper(bytes_[at + 5])) return no_sense("is no value representation");
    e.vr = number<std::uint16_t>(at + 4, true);
    if (has_short_length(e.vr)) {
      e.length = number<std::uint16_t>(at + 6, coding.big);
      return Step::fine;
    }
    if (left() < 12) return Step::cut;
    e.length = number<std::uint32_t>(at + 8, coding.big);
    e.value_at = at + 12;
    return Step::fine;
  }

  /// Steps behind the value of `e`, through nested sequences if its length is undefined.
  Step skip(Coding coding, const Element& e) {
    at = e.value_at;
    if (e.length != kUndefined) return jump(e.length);
    return skip_sequence(e.vr == vr("UN") ? inside_unknown(coding) : coding);
  }

  /// Whether a data set at `from` looks explicit: the writer's word about its transfer syntax is sometimes wrong.
  bool looks_explicit(std::size_t from) const {
    return bytes_.size() - from >= 6 && is_upper(bytes_[from + 4]) && is_upper(bytes_[from + 5]);
  }

 private:
  template <class T>
  T number(std::size_t from, bool big) const {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value = static_cast<T>(value |
                             static_cast<T>(std::to_integer<T>(bytes_[from + i]) << 8 * (big ? sizeof(T) - 1 - i : i)));
    return value;
  }

  Step no_sense(std::string_view reason) {
    why = reason;
    return Step::malformed;
  }

  Step jump(std::uint32_t length) {
    if (length > left()) return Step::cut;
    at += length;
    return Step::fine;
  }

  /// Inside a UN of undefined length everything is implicit, little endian (PS3.5 section 6.2.2), unless the writer
  /// forgot.
  Coding inside_unknown(Coding outside) const {
    return left() >= 14 && looks_explicit(at + 8) ? outside : Coding{false, false};
  }

  /// From the first item to behind the sequence delimiter. A stack of its own, so that no nesting can exhaust the
  /// thread's.
  Step skip_sequence(Coding coding) {
    struct Level {
      bool item;  ///< inside an item, where elements stand; otherwise inside a sequence, where items stand
      Coding coding;
    };
    std::array<Level, kDeepest> stack;
    std::size_t depth = 0;
    stack[depth++] = {false, coding};
    while (depth > 0) {
      const Level level = stack[depth - 1];
      Element e;
      if (const auto step = head(level.coding, e); step != Step::fine) return step;
      at = e.value_at;
      if (e.tag == (level.item ? kItemEnd : kSequenceEnd)) {
        --depth;
      } else if (level.item != (e.tag != kItem) || e.tag == kItemEnd || e.tag == kSequenceEnd) {
        return no_sense("does not belong where items are expected, or the other way round");
      } else if (e.length != kUndefined) {
        if (const auto step = jump(e.length); step != Step::fine) return step;
      } else if (depth == kDeepest) {
        return no_sense("is nested too deeply");
      } else {
        const bool unknown = level.item && e.vr == vr("UN");
        stack[depth++] = {!level.item, unknown ? inside_unknown(level.coding) : level.coding};
      }
    }
    return Step::fine;
  }

  Bytes bytes_;
};

}  // namespace

std::string_view without_padding(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

const Header::Found* Header::find(Tag wanted) const {
  for (const auto& found : found_)
    if (found.tag == wanted) return &found;
  return nullptr;
}

std::string_view Header::operator[](Tag wanted) const {
  const auto* found = find(wanted);
  return found && !found->delimited ? without_padding(found->value) : std::string_view();
}

std::optional<std::uint16_t> Header::short_number(Tag wanted) const {
  const auto* found = find(wanted);
  if (!found || found->delimited || found->value.size() != 2) return std::nullopt;
  const auto first = static_cast<unsigned char>(found->value[0]), second = static_cast<unsigned char>(found->value[1]);
  return static_cast<std::uint16_t>(big_endian_ ? first << 8 | second : second << 8 | first);
}

class Scanner {
 public:
  Scanner(Bytes front, std::span<const Tag> wanted) : front_(front), wanted_(wanted) {}

  /// Of an item: its elements, up to the delimiter that ends it or the end of the bytes.
  Header run_item(const Header& outside, std::size_t& end) {
    const Coding coding{outside.big_endian_, outside.explicit_vr_};
    header_.big_endian_ = coding.big;
    header_.explicit_vr_ = coding.explicit_vr;
    Walker walker(front_);
    while (!walker.done()) {
      Element e;
      if (walker.head(coding, e) != Step::fine || e.tag == kItemEnd || walker.skip(coding, e) != Step::fine) break;
      keep(e, front_, walker.at);
    }
    end = std::min(walker.at + 8, front_.size());
    return std::move(header_);
  }

  Result<Header> run() {
    if (front_.size() < 132 || as_text(front_.subspan(128, 4)) != "DICM")
      return fail(Code::corrupt, "not a DICOM file: {}",
                  front_.size() < 132 ? "it is shorter than the 132 bytes of a preamble" : "no 'DICM' at byte 128");
    header_.found_.reserve(wanted_.size());
    if (read_meta()) read_data_set();
    return std::move(header_);
  }

 private:
  /// Group 0002, always explicit little endian; its own group length is not trusted.
  bool read_meta() {
    Walker walker(front_);
    walker.at = 132;
    while (walker.left() >= 2 && front_[walker.at] == std::byte{2} && front_[walker.at + 1] == std::byte{0}) {
      Element e;
      auto step = walker.head({}, e);
      if (step == Step::fine && e.length == kUndefined) step = Step::malformed;
      if (step == Step::fine) step = walker.skip({}, e);
      if (step != Step::fine) return stop(walker, step, 0);
      const auto value = without_padding(as_text(front_.subspan(e.value_at, e.length)));
      if (e.tag == 0x00020002) header_.media_class = value;
      if (e.tag == 0x00020003) header_.media_instance = value;
      if (e.tag == 0x00020010) header_.transfer_syntax = value;
      if (e.tag == 0x00020016) header_.source_ae = value;
    }
    header_.data_set_at = walker.at;
    return true;
  }

  void read_data_set() {
    auto body = front_.subspan(header_.data_set_at);
    auto offset = header_.data_set_at;
    bool whole = true;
    if (header_.transfer_syntax == kDeflatedSyntax) {
      auto inflated = inflate(body, kMostInflated);
      whole = inflated.whole;
      header_.inflated_ = std::move(inflated.bytes);
      body = header_.inflated_;
      offset = 0;
    }
    Walker walker(body);
    Coding coding{header_.transfer_syntax == kBigEndian, header_.transfer_syntax != kImplicit};
    if (walker.left() >= 8) coding.explicit_vr = walker.looks_explicit(0);
    header_.big_endian_ = coding.big;
    header_.explicit_vr_ = coding.explicit_vr;
    while (!walker.done()) {
      Element e;
      auto step = walker.head(coding, e);
      if (step == Step::fine && e.tag >> 16 == 0x7FE0) {
        header_.end = End::pixel_data;
        header_.pixels_at = offset + walker.at;
        return;
      }
      const auto start = walker.at;
      if (step == Step::fine) step = walker.skip(coding, e);
      if (step != Step::fine) {
        walker.at = step == Step::cut ? start : walker.at;
        stop(walker, step, offset);
        return;
      }
      keep(e, body, walker.at);
    }
    if (!whole) {
      header_.end = End::cut;
      header_.remark = "the deflated data set ends too early";
    }
  }

  void keep(const Element& e, Bytes body, std::size_t end) {
    if (!std::binary_search(wanted_.begin(), wanted_.end(), e.tag)) return;
    if (header_.found_.size() == wanted_.size()) return;  // repeated elements: the first ones count
    header_.found_.push_back({e.tag, as_text(body.subspan(e.value_at, end - e.value_at)), e.length == kUndefined});
  }

  bool stop(const Walker& walker, Step step, std::uint64_t offset) {
    header_.end = step == Step::cut ? End::cut : End::malformed;
    header_.remark = step == Step::cut ? fmt::format("the bytes end inside the element at byte {}", offset + walker.at)
                                       : fmt::format("what stands at byte {} {}", offset + walker.at,
                                                     walker.why.empty() ? "has no length" : walker.why);
    return false;
  }

  Bytes front_;
  std::span<const Tag> wanted_;
  Header header_;
};

std::vector<Header> Header::items(Tag sequence, std::span<const Tag> wanted) const {
  std::vector<Header> items;
  const auto* found = find(sequence);
  if (!found) return items;
  const auto bytes = as_bytes(found->value);
  Walker walker(bytes);
  Element e;
  const Coding coding{big_endian_, explicit_vr_};
  while (items.size() < kMostItems && walker.head(coding, e) == Step::fine && e.tag == kItem) {
    const auto left = bytes.size() - e.value_at;
    if (e.length != kUndefined && e.length > left) break;
    const auto inside = bytes.subspan(e.value_at, e.length == kUndefined ? left : e.length);
    std::size_t end = 0;
    items.push_back(Scanner(inside, wanted).run_item(*this, end));
    walker.at = e.value_at + (e.length == kUndefined ? end : e.length);
  }
  return items;
}

Result<Header> scan(Bytes front, std::span<const Tag> wanted) {
  return Scanner(front, wanted).run();
}

}  // namespace larmor::dicom
