#pragma once
/// An acceptor with a few objects in memory, for tests of retrieval.
#include <atomic>
#include <optional>

#include "dicom/dimse/file_head.h"
#include "dicom/dimse/scp.h"
#include "dicom/dimse/testing/objects.h"

namespace larmor::dimse::testing {

constexpr std::size_t kLargestOnShelf = 1 << 30;

/// Gives everything that it has to whoever asks.
class Shelf : public ScpHandler {
 public:
  void put(const std::string& file) {
    MemorySource source(as_bytes(file));
    const auto meta = read_file_head(source).value();
    data_sets[meta.instance.str()] = read_all(source, kLargestOnShelf).value();
    objects.push_back({meta.sop_class, meta.instance, meta.transfer_syntax,
                       [this, bytes = std::make_shared<std::string>(file)]() -> Result<std::unique_ptr<ByteSource>> {
                         ++opened_files;
                         if (damaged) return fail(Code::corrupt, "the pack is damaged");
                         return std::make_unique<MemorySource>(as_bytes(*bytes));
                       }});
  }
  /// `count` images of study 2.25.1.
  void put_images(int count) {
    for (int i = 1; i <= count; ++i) {
      Made m;
      m.instance = fmt::format("2.25.1.1.{}", i), m.number = i;
      put(file_of(m));
    }
  }
  void opened(const Association&) override {}
  Result<void> store(const Association&, const StoreRequest&, ByteSource&) override { return {}; }
  bool answers_queries() const override { return true; }
  Result<std::unique_ptr<Objects>> collect(const Association&, const dicom::Query&) override {
    return std::make_unique<Listed>(objects);
  }
  Result<Peer> locate(const Association&, const AeTitle& title) override {
    if (!neighbour || neighbour->called != title) return fail(Code::not_found, "there is no destination {}", title);
    return *neighbour;
  }
  void closed(const Association&, const Ending& e) override { ended = e.end; }
  void rejected(const Association&, std::string_view) override {}

  std::optional<Peer> neighbour;  ///< whom a C-MOVE may send to
  std::vector<Outgoing> objects;
  std::map<std::string, std::string> data_sets;  ///< by instance
  std::atomic<int> opened_files{0};
  std::atomic<bool> damaged{false};
  std::atomic<std::optional<End>> ended{};
};

}  // namespace larmor::dimse::testing
