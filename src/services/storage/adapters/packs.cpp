#include "services/storage/adapters/packs.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "base/log.h"

namespace larmor::storage {
namespace {

constexpr std::uint64_t kLeastGrowth = std::uint64_t{8} << 20, kMostGrowth = std::uint64_t{64} << 20;
constexpr std::uint64_t kZeroedAhead = std::uint64_t{32} << 20;  // a series of 200 slices
constexpr std::size_t kZeroedAtOnce = std::size_t{256} << 10;
constexpr std::uint64_t kTarEnd = 2 * kBlock;
constexpr std::uint64_t kStagedCheck = std::uint64_t{16} << 20;  // how often a large object asks whether there is room
const Block kZeros{};

/// The whole record with one call wherever the kernel takes it as one.
Result<void> write_record(const FileHandle& file, std::uint64_t offset, const Block& head, Bytes body) {
  std::array<iovec, 3> parts{{{const_cast<std::byte*>(head.data()), head.size()},
                              {const_cast<std::byte*>(body.data()), body.size()},
                              {const_cast<std::byte*>(kZeros.data()), padded(body.size()) - body.size()}}};
  std::size_t first = 0;
  while (first < parts.size()) {
    const auto n =
        ::pwritev(file.get(), parts.data() + first, static_cast<int>(parts.size() - first), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_with(file_error("write an object to", "the pack", errno));
    offset += static_cast<std::uint64_t>(n);
    for (auto left = static_cast<std::size_t>(n); first < parts.size();) {
      const auto step = std::min(left, parts[first].iov_len);
      parts[first].iov_base = static_cast<std::byte*>(parts[first].iov_base) + step;
      parts[first].iov_len -= step;
      left -= step;
      if (parts[first].iov_len > 0) break;
      ++first;
    }
  }
  return {};
}

}  // namespace

std::filesystem::path pack_path(const std::filesystem::path& packs, std::int64_t pack) {
  return packs / fmt::format("{:08}.tar", pack);
}

Result<void> Pack::sync(std::uint64_t upto) {
  std::unique_lock lock(mutex_);
  while (synced_ < upto) {
    if (broken_) return fail(Code::unavailable, "pack {} could not be synced to disk", id);
    if (syncing_)
      done_.wait(lock);
    else
      CHECK_OK(lead(lock));
  }
  return {};
}

Result<void> Pack::sync_all() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return !syncing_; });
  if (broken_) return fail(Code::unavailable, "pack {} could not be synced to disk", id);
  return lead(lock);
}

/// One at a time: the kernel tells a failure once, and whoever hears of it ends the pack for all who wait.
Result<void> Pack::lead(std::unique_lock<std::mutex>& lock) {
  syncing_ = true;
  const auto covered = written_;
  lock.unlock();
  const int status = ::fdatasync(file.get());
  const int cause = errno;
  lock.lock();
  syncing_ = false;
  done_.notify_all();
  if (status != 0) {
    broken_ = true;
    return fail_with(file_error("sync", fmt::format("pack {}", id), cause));
  }
  synced_ = std::max(synced_, covered);
  return {};
}

bool Pack::broken() {
  const std::lock_guard lock(mutex_);
  return broken_;
}

Packs::~Packs() {
  close_current();
}

Result<void> Packs::reopen(std::int64_t pack, std::uint64_t end) {
  const auto path = pack_path(directory_, pack);
  auto file = TRY(open_file(path, O_RDWR));
  if (::ftruncate(file.get(), static_cast<off_t>(end)) != 0)
    return fail_with(file_error("cut the torn end of", path, errno));
  current_ = std::make_shared<Pack>(pack, std::move(file), end, end);
  return {};
}

Result<Written> Packs::append(const RecordHead& head, Bytes body, const Placed& placed) {
  const auto block = encode(head);
  const auto size = record_size(body.size());
  const std::lock_guard lock(mutex_);
  CHECK_OK(room_.check(size, current_ ? current_->allocated - current_->end : 0));
  CHECK_OK(make_room(size));
  auto& pack = *current_;
  if (auto written = write_record(pack.file, pack.end, block, body); !written) {
    // Whatever arrived of it becomes zeros again, so that the pack stays a tar file.
    if (::ftruncate(pack.file.get(), static_cast<off_t>(pack.end)) == 0) pack.allocated = pack.end;
    return fail_with(std::move(written).error());
  }
  const Place place{pack.id, pack.end};
  pack.end += size;
  {
    const std::lock_guard sync_lock(pack.mutex_);
    pack.written_ = pack.end;
  }
  placed(place);
  return Written{current_, pack.end};
}

Result<void> Packs::make_room(std::uint64_t size) {
  if (current_ && (current_->end + size > pack_bytes_ || current_->broken())) close_current();
  if (!current_) current_ = TRY(start_pack(size));
  if (current_->end + size + kTarEnd > current_->allocated) CHECK_OK(grow(*current_, size + kTarEnd));
  return {};
}

Result<std::shared_ptr<Pack>> Packs::start_pack(std::uint64_t size) {
  const auto path = pack_path(directory_, next_);
  auto pack = std::make_shared<Pack>(next_, TRY(open_file(path, O_RDWR | O_CREAT | O_EXCL)), 0, 0);
  ++next_;
  auto ready = grow(*pack, size + kTarEnd);
  if (ready) ready = sync_directory(directory_);
  if (ready) return pack;
  ::unlink(path.c_str());
  return fail_with(std::move(ready).error());
}

/// Asks for room ahead of need, twice as much each time, so that writing seldom changes the file's size; when the disk
/// is nearly full, for no more than is needed.
Result<void> Packs::grow(Pack& pack, std::uint64_t size) {
  const auto need = pack.end + size - pack.allocated;
  auto ahead = std::clamp(pack.allocated, kLeastGrowth, kMostGrowth);
  if (pack.allocated < pack_bytes_) ahead = std::min(ahead, pack_bytes_ - pack.allocated);
  const auto free = TRY(room_.free());
  const auto spare = free > room_.kept_free() ? (free - room_.kept_free()) / 4 : 0;
  for (const auto more : {std::max(need, std::min(ahead, spare)), need}) {
    if (::fallocate(pack.file.get(), 0, static_cast<off_t>(pack.allocated), static_cast<off_t>(more)) == 0) {
      pack.allocated += more;
      return {};
    }
    if (errno == EOPNOTSUPP) {  // such a file system allocates when it is written to; the size is set all the same
      if (::ftruncate(pack.file.get(), static_cast<off_t>(pack.allocated + more)) == 0) {
        pack.allocated += more;
        return {};
      }
    }
    if (errno != ENOSPC) break;
  }
  const int cause = errno;
  (void)::ftruncate(pack.file.get(), static_cast<off_t>(pack.allocated));
  return fail_with(file_error("enlarge", pack_path(directory_, pack.id), cause));
}

Result<void> Packs::zero_ahead() {
  std::shared_ptr<Pack> pack;
  for (std::uint64_t steps = 0; steps < kZeroedAhead / kZeroedAtOnce; ++steps) {
    const std::lock_guard lock(mutex_);
    if (!current_ || !room_.check(kZeroedAhead, 0)) break;
    const auto from = std::max(current_->zeroed, current_->end);
    const auto upto = std::min({from + kZeroedAtOnce, current_->end + kZeroedAhead, pack_bytes_});
    if (from >= upto || current_->broken()) break;
    pack = current_;
    if (upto + kTarEnd > pack->allocated) CHECK_OK(grow(*pack, upto + kTarEnd - pack->end));
    const std::vector<std::byte> zeros(upto - from);
    CHECK_OK(write_at(pack->file, zeros, from));
    pack->zeroed = upto;
  }
  if (pack) return pack->sync_all();
  return {};
}

/// Gives back what the pack did not need. A waiting sync still holds the file.
void Packs::close_current() {
  if (!current_) return;
  if (!current_->broken() && ::ftruncate(current_->file.get(), static_cast<off_t>(current_->end + kTarEnd)) != 0)
    log::warn("storage", "pack {} keeps room that it does not need", current_->id);
  current_.reset();
}

std::uint64_t Packs::spare() {
  const std::lock_guard lock(mutex_);
  return current_ ? current_->allocated - current_->end : 0;
}

Staged::~Staged() {
  if (file_) ::unlink(path_.c_str());
}

Result<void> Staged::add(Bytes bytes) {
  if (size_ % kStagedCheck + bytes.size() >= kStagedCheck || size_ == 0)
    CHECK_OK(room_.check(std::max<std::uint64_t>(bytes.size(), kStagedCheck), 0));
  CHECK_OK(write_at(file_, bytes, kBlock + size_));
  digest_.add(bytes);
  size_ += bytes.size();
  return {};
}

Result<Staged> Packs::stage() {
  std::int64_t id;
  {
    const std::lock_guard lock(mutex_);
    id = next_++;
  }
  auto path = pack_path(directory_, id);
  path += ".part";
  auto file = TRY(open_file(path, O_RDWR | O_CREAT | O_EXCL));
  return Staged(std::move(path), id, std::move(file), room_);
}

Result<Place> Packs::publish(Staged staged, const RecordHead& head) {
  CHECK_OK(write_at(staged.file_, encode(head), 0));
  const auto size = record_size(staged.size_) + kTarEnd;
  if (::ftruncate(staged.file_.get(), static_cast<off_t>(size)) != 0 || ::fdatasync(staged.file_.get()) != 0)
    return fail_with(file_error("finish", staged.path_, errno));
  const auto path = pack_path(directory_, staged.pack_);
  if (::rename(staged.path_.c_str(), path.c_str()) != 0) return fail_with(file_error("rename to", path, errno));
  staged.file_ = FileHandle();
  CHECK_OK(sync_directory(directory_));
  return Place{staged.pack_, 0};
}

}  // namespace larmor::storage
