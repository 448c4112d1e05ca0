#pragma once
/// What a C-MOVE or a C-GET asks for, as it was when it was asked for: read from the index a page at a time, so that
/// any number of objects needs the same memory but for 8 bytes of each.
///
/// What arrives later is not among them. Nothing goes away, for storage deletes nothing; should an object be missing
/// all the same, the rest ends with `unavailable`.
#include "dicom/dimse/objects.h"
#include "services/storage/storage.h"

namespace larmor::importing {

class Retrieved final : public dimse::Objects {
 public:
  static constexpr int kPage = 500;  ///< objects in memory

  /// `too_large` beyond what one caller may ask for.
  static Result<std::unique_ptr<dimse::Objects>> of(storage::Storage&, const dicom::Query&);

  std::size_t size() const override { return marks_.size(); }
  std::set<dimse::Kind> kinds() const override { return kinds_; }
  std::size_t given() const override { return given_; }
  Result<const dimse::Outgoing*> next() override;
  void begin_anew() override;

 private:
  Retrieved(storage::Storage& storage, dicom::Query query) : storage_(storage), query_(std::move(query)) {}
  Result<void> turn_page();

  storage::Storage& storage_;
  dicom::Query query_;                ///< with the place behind `page_`
  std::vector<std::uint64_t> marks_;  ///< one of each object, by which it is known again
  std::set<dimse::Kind> kinds_;
  std::vector<dimse::Outgoing> page_;
  std::size_t at_ = 0;  ///< in `page_`
  std::size_t given_ = 0;
  bool last_page_ = false;  ///< there is none behind `page_`
  bool one_page_ = false;   ///< which is kept
};

}  // namespace larmor::importing
