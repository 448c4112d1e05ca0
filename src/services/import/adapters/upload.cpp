#include "services/import/adapters/upload.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstring>
#include <set>

#include "dicom/dimse/file_head.h"

namespace larmor::importing {
namespace {

constexpr std::size_t kMostListed = 1000;
constexpr std::size_t kPiece = 262'144;
constexpr std::string_view kMediaDirectory = "1.2.840.10008.1.3.10";  // DICOMDIR, PS3.10

/// Remembers what was read, so that it can be read again.
class RememberingSource final : public ByteSource {
 public:
  explicit RememberingSource(ByteSource& from) : from_(from) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto got = TRY(from_.read(into));
    seen_.append(reinterpret_cast<const char*>(into.data()), got);
    return got;
  }
  const std::string& seen() const { return seen_; }

 private:
  ByteSource& from_;
  std::string seen_;
};

class BoundedSource final : public ByteSource {
 public:
  BoundedSource(ByteSource& from, std::uint64_t bound) : from_(from), left_(bound) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto got = TRY(from_.read(into));
    if (got > left_) return fail(Code::too_large, "it is larger than import.largest_uploaded_file allows");
    left_ -= got;
    return got;
  }

 private:
  ByteSource& from_;
  std::uint64_t left_;
};

std::string why(archive* a) {
  const char* text = archive_error_string(a);
  return text ? text : "it is damaged";
}

/// Would the next file fail in the same way?
bool ends_the_upload(Code code) {
  return code == Code::out_of_space || code == Code::unavailable || code == Code::timed_out ||
         code == Code::cancelled || code == Code::internal;
}

class Taking {
 public:
  Taking(const storage::Origin& origin, const UploadBounds& bounds, storage::Storage& storage, const Call& call)
      : origin_(origin), bounds_(bounds), storage_(storage), call_(call) {}

  Result<void> file(const std::string& name, ByteSource& whole) {
    BoundedSource bounded(whole, bounds_.largest_file);
    RememberingSource front(bounded);
    const auto meta = dimse::read_file_head(front);
    if (!meta && ends_the_upload(meta.error().code)) return Failure(meta.error());
    if (!meta) return refuse(name, meta.error().what);
    if (meta->sop_class.str() == kMediaDirectory) return {};
    MemorySource head(as_bytes(front.seen()));
    dimse::ChainedSource again(head, bounded);
    const auto kept = storage_.put(again, origin_, call_);
    if (!kept && ends_the_upload(kept.error().code)) return Failure(kept.error());
    if (!kept) return refuse(name, kept.error().what);
    ++(kept->kept == storage::Kept::duplicate ? report_.duplicates : report_.taken);
    studies_.insert(kept->study);
    return {};
  }

  Result<void> refuse(const std::string& name, std::string reason) {
    ++report_.refused_count;
    if (report_.refused.size() < kMostListed) report_.refused.push_back({name, std::move(reason)});
    return {};
  }

  UploadReport report() {
    report_.studies.assign(studies_.begin(), studies_.end());
    return std::move(report_);
  }

 private:
  const storage::Origin& origin_;
  const UploadBounds& bounds_;
  storage::Storage& storage_;
  const Call& call_;
  UploadReport report_;
  std::set<StudyUid> studies_;
};

/// libarchive pulls the upload through this; it reads ZIP from the front, so nothing has to be kept.
struct Feed {
  ByteSource& source;
  std::vector<std::byte> piece = std::vector<std::byte>(kPiece);
  std::optional<Error> broke;

  static la_ssize_t read(archive* a, void* self, const void** bytes) {
    auto& feed = *static_cast<Feed*>(self);
    const auto got = feed.source.read(feed.piece);
    if (!got) {
      feed.broke = got.error();
      archive_set_error(a, EIO, "the upload broke off");
      return -1;
    }
    *bytes = feed.piece.data();
    return static_cast<la_ssize_t>(*got);
  }
};

class EntrySource final : public ByteSource {
 public:
  explicit EntrySource(archive* a) : archive_(a) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto got = archive_read_data(archive_, into.data(), into.size());
    if (got < 0) return fail(Code::corrupt, "it cannot be unpacked: {}", why(archive_));
    return static_cast<std::size_t>(got);
  }

 private:
  archive* archive_;
};

Result<void> take_archive(ByteSource& source, Taking& taking, const UploadBounds& bounds) {
  const std::unique_ptr<archive, int (*)(archive*)> zip(archive_read_new(), archive_read_free);
  archive_read_support_format_zip_streamable(zip.get());
  Feed feed{source};
  if (archive_read_open(zip.get(), &feed, nullptr, Feed::read, nullptr) != ARCHIVE_OK)
    return fail(Code::corrupt, "the archive cannot be read: {}", why(zip.get()));
  for (std::int64_t files = 0;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(zip.get(), &entry);
    if (feed.broke) return fail_with(*feed.broke);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) return taking.refuse("the rest of the archive", why(zip.get()));
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    if (++files > bounds.most_files)
      return fail(Code::too_large, "the archive has more than {} files", bounds.most_files);
    const char* path = archive_entry_pathname_utf8(entry);
    if (!path) path = archive_entry_pathname(entry);
    EntrySource content(zip.get());
    CHECK_OK(taking.file(path ? path : "a file without a name", content));
    if (feed.broke) return fail_with(*feed.broke);
  }
}

}  // namespace

Result<UploadReport> take_upload(const std::string& name, ByteSource& source, const storage::Origin& origin,
                                 const UploadBounds& bounds, storage::Storage& storage, const Call& call) {
  Taking taking(origin, bounds, storage, call);
  std::array<std::byte, 4> front;
  std::size_t have = 0;
  while (have < front.size()) {
    const auto got = TRY(source.read(MutableBytes(front).subspan(have)));
    if (got == 0) break;
    have += got;
  }
  MemorySource head(Bytes(front).first(have));
  dimse::ChainedSource whole(head, source);
  constexpr std::string_view kLocalFile = "PK\3\4", kEmptyArchive = "PK\5\6";
  const auto magic = as_text(Bytes(front).first(have));
  if (magic == kLocalFile || magic == kEmptyArchive)
    CHECK_OK(take_archive(whole, taking, bounds));
  else
    CHECK_OK(taking.file(name, whole));
  return taking.report();
}

}  // namespace larmor::importing
