#pragma once
/// The objects that a DICOMweb address names (PS3.18 8.3), as they were when it was asked for: read a page at a time,
/// so that a study of any size needs the same memory but for 8 bytes of each object.
///
/// What arrives later is not among them. Nothing goes away, for storage deletes nothing; should an object be missing
/// all the same, the walk ends with `unavailable`, and never with another object in its place.
#include <functional>

#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// The rows of some series of a study, one series after another. A copy goes on by itself.
class RowPages {
 public:
  RowPages(Storage& storage, StudyUid study, std::vector<SeriesUid> series)
      : storage_(&storage), study_(std::move(study)), left_(std::move(series)) {}
  /// The next ones, of one series or several; empty at the end.
  Result<std::vector<InstanceRow>> next(const Call&);

 private:
  Storage* storage_;
  StudyUid study_;
  std::vector<SeriesUid> left_;
  std::size_t at_ = 0;
  std::string after_;
};

class Named {
 public:
  static constexpr std::size_t kWindow = 500;  ///< rows in memory

  /// Reads every row once and shows it, in the order of the index. `not_found` where there is none.
  static Result<std::shared_ptr<const Named>> of(Storage&, const net::Request&,
                                                 const std::function<void(const InstanceRow&)>& show = {});
  std::size_t size() const { return marks_.size(); }
  /// The first `kWindow` of them.
  const std::vector<InstanceRow>& front() const { return front_; }

 private:
  friend class Walk;
  Named(std::vector<InstanceRow> front, RowPages behind) : front_(std::move(front)), behind_(std::move(behind)) {}

  std::vector<InstanceRow> front_;
  RowPages behind_;                   ///< `front_`
  std::vector<std::uint64_t> marks_;  ///< one of each object, by which it is known again
};

/// Goes through them; as many at a time as there are readers. One thread each.
class Walk {
 public:
  explicit Walk(std::shared_ptr<const Named> named) : named_(std::move(named)), pages_(named_->behind_) {}
  /// Good until the next call; nullptr behind the last.
  Result<const InstanceRow*> next();

 private:
  std::shared_ptr<const Named> named_;
  RowPages pages_;
  std::vector<InstanceRow> page_;
  std::size_t passed_ = 0;  ///< objects given
  std::size_t at_ = 0;      ///< in `page_`
};

}  // namespace larmor::storage
