#include "services/import/adapters/retrieved.h"

#include "dicom/query/model.h"

namespace larmor::importing {
namespace {

constexpr auto kPageWithin = 30s;
constexpr std::size_t kMostRetrieved = 100'000;
constexpr dicom::Tag kSopClassUid = 0x00080016, kAvailableSyntax = 0x00083002;

std::uint64_t mark_of(const dimse::Outgoing& object) {
  return std::hash<std::string>{}(object.instance.str());
}

}  // namespace

Result<std::unique_ptr<dimse::Objects>> Retrieved::of(storage::Storage& storage, const dicom::Query& asked) {
  auto query = asked;
  query.level = dicom::Level::instance;
  query.include = {kSopClassUid, kAvailableSyntax};
  query.limit = kPage;
  std::unique_ptr<Retrieved> all(new Retrieved(storage, std::move(query)));
  do {
    CHECK_OK(all->turn_page());
    for (const auto& object : all->page_) {
      all->marks_.push_back(mark_of(object));
      all->kinds_.insert(object.kind());
    }
    if (all->size() > kMostRetrieved)
      return fail(Code::too_large, "more than {} objects are asked for", kMostRetrieved);
  } while (!all->last_page_);
  all->one_page_ = all->size() == all->page_.size();
  all->begin_anew();
  return std::unique_ptr<dimse::Objects>(std::move(all));
}

Result<void> Retrieved::turn_page() {
  const auto found = TRY(storage_.find(query_, Call::within(kPageWithin)));
  page_.clear();
  at_ = 0;
  for (const auto& item : found.items) {
    const auto set = TRY(parse_json(item));
    const auto text = [&](dicom::Tag tag) {
      const auto value = set.find(dicom::hex(tag));
      return value == set.end() ? std::string() : dicom::text_of(*value);
    };
    const SopUid uid(text(dicom::tag::kSopInstanceUid));
    page_.push_back({SopClassUid(text(kSopClassUid)), uid, TransferSyntaxUid(text(kAvailableSyntax)),
                     [&storage = storage_, uid]() -> Result<std::unique_ptr<ByteSource>> {
                       return std::make_unique<storage::ObjectSource>(
                           TRY(storage.open(uid, Call::within(kPageWithin))));
                     }});
  }
  query_.after = found.next;
  last_page_ = found.next.empty();
  return {};
}

Result<const dimse::Outgoing*> Retrieved::next() {
  while (given_ < size()) {
    if (at_ == page_.size()) {
      if (last_page_) return fail(Code::unavailable, "an object is gone that was there when it was asked for");
      CHECK_OK(turn_page());
      continue;
    }
    const auto& object = page_[at_++];
    if (mark_of(object) != marks_[given_]) continue;  // arrived later
    ++given_;
    return &object;
  }
  return nullptr;
}

void Retrieved::begin_anew() {
  at_ = given_ = 0;
  if (one_page_) return;
  page_.clear();
  query_.after.clear();
  last_page_ = false;
}

}  // namespace larmor::importing
