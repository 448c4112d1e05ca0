#include "services/import/adapters/assembly.h"

#include <cstring>

#include "dicom/data/part10.h"

namespace larmor::importing {
namespace {

constexpr std::string_view kExplicit = "1.2.840.10008.1.2.1";
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr std::uint64_t kLongest = 0xFFFFFFFE;  // PS3.5 7.1.1

Failure wrong(const dicom::Apart& one, std::string_view why) {
  return fail_with({Code::invalid, fmt::format("{}: {}", one.place, why), "", one.place});
}

/// An item of encapsulated pixels (PS3.5 A.4), or the end of them.
std::string mark(dicom::Tag tag, std::uint64_t length) {
  std::string out;
  dicom::append_little_endian(out, static_cast<std::uint16_t>(tag >> 16));
  dicom::append_little_endian(out, static_cast<std::uint16_t>(tag));
  dicom::append_little_endian(out, static_cast<std::uint32_t>(length));
  return out;
}

const std::string* syntax_of(const dicom::DataSet& set, const std::vector<Come>& come) {
  for (std::size_t i = 0; i < come.size(); ++i)
    if (set.apart[i].pixels && !come[i].syntax.empty()) return &come[i].syntax;
  return nullptr;
}

}  // namespace

Result<Assembly> Assembly::make(const StoreReport::Item& item, const dicom::DataSet& set, const std::vector<Come>& come,
                                const Spool& spool) {
  Assembly out(spool);
  const auto* compressed = syntax_of(set, come);
  const TransferSyntaxUid syntax(compressed ? *compressed : std::string(kExplicit));
  out.pieces_.emplace_back(dicom::part10_front(item.sop_class, item.instance, syntax, AeTitle()));
  const std::string_view bytes = set.bytes;
  std::size_t from = 0;
  for (std::size_t i = 0; i < come.size(); ++i) {
    const auto& one = set.apart[i];
    out.pieces_.emplace_back(bytes.substr(from, one.at - from));
    CHECK_OK(out.append(one, come[i], set));
    from = one.at;
  }
  out.pieces_.emplace_back(bytes.substr(from));
  return out;
}

Result<void> Assembly::append(const dicom::Apart& one, const Come& come, const dicom::DataSet& set) {
  for (const auto& slice : come.slices)
    if (slice.size > (one.vr->long_head ? kLongest : 0xFFFE))
      return wrong(one, fmt::format("{} bytes are more than a {} can hold", slice.size, one.vr->name));
  if (!come.syntax.empty()) {
    append_frames(one, come);
    return {};
  }
  const auto size = come.slices[0].size;
  if (one.pixels && size != set.pixel_bytes && size != set.pixel_bytes + set.pixel_bytes % 2)
    return wrong(one, fmt::format("it has {} bytes, and the header tells of {}", size, set.pixel_bytes));
  pieces_.emplace_back(dicom::element_head(one.tag, *one.vr, static_cast<std::uint32_t>(size + size % 2)));
  pieces_.emplace_back(come.slices[0]);
  if (size % 2) pieces_.emplace_back(std::string(1, dicom::padding_of(*one.vr)));
  return {};
}

/// One fragment for each frame, behind an empty offset table.
void Assembly::append_frames(const dicom::Apart& one, const Come& come) {
  constexpr dicom::Tag kItem = 0xFFFEE000, kEnd = 0xFFFEE0DD;
  pieces_.emplace_back(dicom::element_head(one.tag, *dicom::find_vr("OB"), kUndefined) + mark(kItem, 0));
  for (const auto& slice : come.slices) {
    pieces_.emplace_back(mark(kItem, slice.size + slice.size % 2));
    pieces_.emplace_back(slice);
    if (slice.size % 2) pieces_.emplace_back(std::string(1, '\0'));
  }
  pieces_.emplace_back(mark(kEnd, 0));
}

Result<std::size_t> Assembly::read(MutableBytes into) {
  for (; at_ < pieces_.size(); ++at_, offset_ = 0) {
    std::size_t got = 0;
    if (const auto* slice = std::get_if<Spool::Slice>(&pieces_[at_])) {
      got = TRY(spool_->read(*slice, offset_, into));
    } else {
      const auto* owned = std::get_if<std::string>(&pieces_[at_]);
      const auto text = (owned ? std::string_view(*owned) : std::get<std::string_view>(pieces_[at_])).substr(offset_);
      got = std::min(text.size(), into.size());
      std::memcpy(into.data(), text.data(), got);
    }
    offset_ += got;
    if (got > 0) return got;
  }
  return std::size_t{0};
}

}  // namespace larmor::importing
