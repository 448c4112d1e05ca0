#pragma once
/// For tests and benches: small DICOM files made of a few values, and a storage in a directory of its own.
#include <unistd.h>

#include <atomic>

#include "base/test_support.h"
#include "dicom/data/part10.h"
#include "services/events/make.h"
#include "services/storage/make.h"

namespace larmor::storage::testing {

struct Recipe {
  std::string study = "1.2.3", series = "1.2.3.1", instance = "1.2.3.1.1";
  std::string name = "Doe^Jane", id = "P1", accession = "A1", description = "Head", modality = "MR", number = "1";
  std::string transfer_syntax = "1.2.840.10008.1.2";
  std::size_t pixels = 1000;
  char fill = 'x';
};

inline std::string element(std::uint16_t group, std::uint16_t number, std::string value) {
  if (value.size() % 2) value += number == 0x0018 || group == 0x0020 ? '\0' : ' ';
  const auto size = static_cast<std::uint32_t>(value.size());
  std::string out;
  for (const auto half : {group, number}) out += {static_cast<char>(half & 0xFF), static_cast<char>(half >> 8)};
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(size >> shift & 0xFF);
  return out + value;
}

inline std::string dicom_file(const Recipe& r) {
  auto file = dicom::part10_front(SopClassUid("1.2.840.10008.5.1.4.1.1.4"), SopUid(r.instance),
                                  TransferSyntaxUid(r.transfer_syntax), AeTitle("SENDER"));
  file +=
      element(0x0008, 0x0018, r.instance) + element(0x0008, 0x0050, r.accession) + element(0x0008, 0x0060, r.modality);
  file += element(0x0008, 0x1030, r.description) + element(0x0010, 0x0010, r.name) + element(0x0010, 0x0020, r.id);
  file += element(0x0020, 0x000D, r.study) + element(0x0020, 0x000E, r.series) + element(0x0020, 0x0013, r.number);
  return file + element(0x7FE0, 0x0010, std::string(r.pixels, r.fill));
}

inline std::string nth_file(int n, Recipe recipe = {}) {
  recipe.instance = fmt::format("{}.{}", recipe.series, n);
  recipe.number = std::to_string(n);
  return dicom_file(recipe);
}

inline const Origin kFromPacs{"c-store", "PACS", "127.0.0.1:104", "a1"};

inline Result<Receipt> put(Storage& storage, std::string_view file, const Origin& origin = kFromPacs) {
  MemorySource source(as_bytes(file));
  return storage.put(source, origin, Call{});
}

inline Result<std::string> get(Storage& storage, const std::string& uid) {
  const auto object = TRY(storage.open(SopUid(uid), Call{}));
  std::string content(object->size(), '\0');
  content.resize(TRY(object->read_at(0, std::as_writable_bytes(std::span(content)))));
  return content;
}

/// Event log and storage side by side, as one process has them.
struct House {
  explicit House(std::filesystem::path directory) : options{.directory = std::move(directory), .kept_free = 0} {
    start();
  }
  void start() {
    events = std::move(*events::make(options.directory, system_clock()));
    auto made = make(options, *events, system_clock());
    if (!made) throw std::runtime_error(to_string(made.error()));
    storage = std::move(*made);
  }
  void stop() {
    storage.reset();
    events.reset();
  }
  Result<Receipt> put(std::string_view file, const Origin& origin = kFromPacs) {
    return testing::put(*storage, file, origin);
  }
  Result<std::string> get(const std::string& uid) { return testing::get(*storage, uid); }
  /// Events follow behind the rows, and rows behind put(): asking for rows waits for both.
  std::vector<events::Event> told(std::string type) {
    (void)storage->studies({}, Call{});
    return events->read({.limit = 5000, .types = {std::move(type)}}, Call{}).value().events;
  }

  Options options;
  std::unique_ptr<events::EventLog> events;
  std::unique_ptr<Storage> storage;
};

}  // namespace larmor::storage::testing
