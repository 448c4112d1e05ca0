#include "dicom/data/vr.h"

#include <dcmtk/config/osconfig.h>
//
#include <dcmtk/dcmdata/dctag.h>

#include <array>
#include <unordered_map>

namespace larmor::dicom {
namespace {

constexpr std::size_t kMostRemembered = 20'000;

constexpr std::array kVrs = {
    Vr{"AE", Form::strings},      Vr{"AS", Form::strings},      Vr{"AT", Form::tags},
    Vr{"CS", Form::strings},      Vr{"DA", Form::strings},      Vr{"DS", Form::decimal},
    Vr{"DT", Form::strings},      Vr{"FD", Form::real64},       Vr{"FL", Form::real32},
    Vr{"IS", Form::whole},        Vr{"LO", Form::strings},      Vr{"LT", Form::text},
    Vr{"OB", Form::binary, true}, Vr{"OD", Form::binary, true}, Vr{"OF", Form::binary, true},
    Vr{"OL", Form::binary, true}, Vr{"OV", Form::binary, true}, Vr{"OW", Form::binary, true},
    Vr{"PN", Form::person},       Vr{"SH", Form::strings},      Vr{"SL", Form::int32},
    Vr{"SQ", Form::items, true},  Vr{"SS", Form::int16},        Vr{"ST", Form::text},
    Vr{"SV", Form::int64, true},  Vr{"TM", Form::strings},      Vr{"UC", Form::strings, true},
    Vr{"UI", Form::strings},      Vr{"UL", Form::uint32},       Vr{"UN", Form::binary, true},
    Vr{"UR", Form::text, true},   Vr{"US", Form::uint16},       Vr{"UT", Form::text, true},
    Vr{"UV", Form::uint64, true},
};

std::size_t place(std::string_view name) {
  return static_cast<std::size_t>((name[0] - 'A') * 26 + name[1] - 'A');
}

}  // namespace

const Vr* find_vr(std::string_view name) {
  static const auto by_letters = [] {
    std::array<const Vr*, 26 * 26> all{};
    for (const auto& vr : kVrs) all[place(vr.name)] = &vr;
    return all;
  }();
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  return name.size() == 2 && is_letter(name[0]) && is_letter(name[1]) ? by_letters[place(name)] : nullptr;
}

/// Each thread remembers what it has asked.
const Vr* dictionary_vr(Tag tag, const std::string& creator) {
  thread_local std::unordered_map<std::string, const Vr*> known;
  auto key = fmt::format("{:08X}{}", tag, creator);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  DcmTag entry(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag));
  if (!creator.empty()) {
    entry.setPrivateCreator(creator.c_str());
    entry.lookupVRinDictionary();
  }
  const auto evr = entry.getEVR();
  const bool choice = evr == EVR_xs || evr == EVR_lt || evr == EVR_ox || evr == EVR_px || evr == EVR_up;
  const auto* vr = choice ? nullptr : find_vr(entry.getVRName());
  if (known.size() >= kMostRemembered) known.clear();
  known.emplace(std::move(key), vr);
  return vr;
}

bool in_own_charset(const Vr& vr) {
  switch (vr.form) {
    case Form::person:
      return true;
    case Form::text:
      return vr.name != "UR";
    case Form::strings:
      return vr.name == "SH" || vr.name == "LO" || vr.name == "UC";
    default:
      return false;
  }
}

}  // namespace larmor::dicom
