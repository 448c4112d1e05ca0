#include "services/storage/rest/named.h"

#include "services/storage/rest/resources.h"

namespace larmor::storage {
namespace {

constexpr Duration kPageWithin = 60s;  // while an answer is on its way

std::uint64_t mark_of(const InstanceRow& row) {
  return std::hash<std::string>{}(row.instance.str());
}

/// The series that the path names, or all of the study.
Result<std::vector<SeriesUid>> series_of(Storage& storage, const StudyUid& study, const net::Request& r) {
  if (const SeriesUid series(r.capture("series")); !series.empty()) return std::vector{series};
  std::vector<SeriesUid> all;
  for (const auto& row : TRY(storage.series(study, r.call()))) all.push_back(row.series);
  return all;
}

}  // namespace

Result<std::vector<InstanceRow>> RowPages::next(const Call& call) {
  std::vector<InstanceRow> rows;
  while (rows.size() < Named::kWindow && at_ < left_.size()) {
    auto page =
        TRY(storage_->instances({study_, left_[at_], after_, static_cast<int>(Named::kWindow - rows.size())}, call));
    if (rows.empty())
      rows = std::move(page.instances);
    else
      std::move(page.instances.begin(), page.instances.end(), std::back_inserter(rows));
    after_ = std::move(page.next);
    if (after_.empty()) ++at_;
  }
  return rows;
}

Result<std::shared_ptr<const Named>> Named::of(Storage& storage, const net::Request& r,
                                               const std::function<void(const InstanceRow&)>& show) {
  const StudyUid study(r.capture("study"));
  const bool single = !r.capture("instance").empty();
  RowPages pages(storage, study, single ? std::vector<SeriesUid>() : TRY(series_of(storage, study, r)));
  auto rows = single ? std::vector{TRY(row_of(storage, r))} : TRY(pages.next(r.call()));
  if (rows.empty()) return fail(Code::not_found, "there is no study {}", study);
  const std::shared_ptr<Named> named(new Named(std::move(rows), pages));
  const auto take = [&](const std::vector<InstanceRow>& page) {
    for (const auto& row : page) {
      named->marks_.push_back(mark_of(row));
      if (show) show(row);
    }
  };
  take(named->front_);
  for (auto page = TRY(pages.next(r.call())); !page.empty(); page = TRY(pages.next(r.call()))) take(page);
  return std::shared_ptr<const Named>(named);
}

Result<const InstanceRow*> Walk::next() {
  if (passed_ == named_->size()) return nullptr;
  if (passed_ < named_->front_.size()) return &named_->front_[passed_++];
  for (;;) {
    if (at_ == page_.size()) {
      page_ = TRY(pages_.next(Call::within(kPageWithin)));
      at_ = 0;
      if (page_.empty()) return fail(Code::unavailable, "an object is gone that was there when the answer began");
    }
    const auto& row = page_[at_++];
    if (mark_of(row) != named_->marks_[passed_]) continue;  // arrived later
    ++passed_;
    return &row;
  }
}

}  // namespace larmor::storage
