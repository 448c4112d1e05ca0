#pragma once
/// Small synthetic objects for tests: no patient, no picture worth seeing, but valid Part 10 files.
#include <string>

#include "dicom/data/part10.h"

namespace larmor::dimse::testing {

struct Made {
  std::string study = "2.25.1", series = "2.25.1.1", instance = "2.25.1.1.1";
  int number = 1;
  double z = 0;                                         ///< of Image Position (Patient)
  std::size_t pixels = 64;                              ///< bytes
  std::string sop_class = "1.2.840.10008.5.1.4.1.1.4";  ///< MR Image Storage
  std::string transfer_syntax = "1.2.840.10008.1.2.1";
  char fill = '\x01';
  std::string name = "TEST^MADE";  ///< in Latin-1
};

inline void put_element(std::string& out, unsigned group, unsigned element, std::string_view vr, std::string value) {
  if (value.size() % 2) value += vr == "UI" ? '\0' : ' ';
  const auto put16 = [&](std::size_t v) { out += static_cast<char>(v), out += static_cast<char>(v >> 8); };
  put16(group), put16(element);
  out += vr;
  if (vr == "OW")
    put16(0), put16(value.size()), put16(value.size() >> 16);
  else
    put16(value.size());
  out += value;
}

/// The data set in explicit little endian.
inline std::string data_set(const Made& m) {
  std::string d;
  const auto us = [](int v) { return std::string{static_cast<char>(v), static_cast<char>(v >> 8)}; };
  put_element(d, 0x0008, 0x0005, "CS", "ISO_IR 100");
  put_element(d, 0x0008, 0x0016, "UI", m.sop_class);
  put_element(d, 0x0008, 0x0018, "UI", m.instance);
  put_element(d, 0x0008, 0x0020, "DA", "20260101");
  put_element(d, 0x0008, 0x0060, "CS", "MR");
  put_element(d, 0x0010, 0x0010, "PN", m.name);
  put_element(d, 0x0010, 0x0020, "LO", "MADE-1");
  put_element(d, 0x0020, 0x000D, "UI", m.study);
  put_element(d, 0x0020, 0x000E, "UI", m.series);
  put_element(d, 0x0020, 0x0011, "IS", "1");
  put_element(d, 0x0020, 0x0013, "IS", std::to_string(m.number));
  put_element(d, 0x0020, 0x0032, "DS", "0\\0\\" + std::to_string(m.z));
  put_element(d, 0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
  put_element(d, 0x0028, 0x0002, "US", us(1));
  put_element(d, 0x0028, 0x0004, "CS", "MONOCHROME2");
  put_element(d, 0x0028, 0x0010, "US", us(1));
  put_element(d, 0x0028, 0x0011, "US", us(static_cast<int>(m.pixels / 2)));
  put_element(d, 0x0028, 0x0100, "US", us(16));
  put_element(d, 0x0028, 0x0101, "US", us(16));
  put_element(d, 0x0028, 0x0102, "US", us(15));
  put_element(d, 0x0028, 0x0103, "US", us(0));
  put_element(d, 0x7FE0, 0x0010, "OW", std::string(m.pixels, m.fill));
  return d;
}

inline std::string file_of(const Made& m) {
  return dicom::part10_front(SopClassUid(m.sop_class), SopUid(m.instance), TransferSyntaxUid(m.transfer_syntax), {}) +
         data_set(m);
}

}  // namespace larmor::dimse::testing
