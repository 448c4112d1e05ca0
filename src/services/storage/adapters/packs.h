#pragma once
/// The packs: append-only tar files DIRECTORY/00000001.tar ..., written by many at once, durable by group commit.
///
/// append() puts a whole record behind the last one (one mutex, one pwritev). sync() returns when the record is
/// durable: the first who asks syncs the file for everybody who has written by then. What the file system gave to a
/// pack beforehand reads as zeros, which is how a tar file ends; in quiet times zeros are really written there, because
/// syncing what overwrites them is a third quicker. Large objects get a pack of their own, built under
/// another name. Threads: every method may be called from any thread, but for open() and recover-time calls. Failures:
/// `out_of_space` leaves the pack as it was. A failed sync ends the pack: who waits for it gets `unavailable`, later
/// records go to a new one, for a kernel may forget what it could not write.
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/file.h"
#include "services/storage/adapters/digest.h"
#include "services/storage/adapters/room.h"
#include "services/storage/core/arrival.h"
#include "services/storage/core/tar_record.h"

namespace larmor::storage {

std::filesystem::path pack_path(const std::filesystem::path& packs, std::int64_t pack);

/// One open pack. Its writer holds Packs' mutex; syncing has a lock of its own.
class Pack {
 public:
  Pack(std::int64_t id, FileHandle file, std::uint64_t end, std::uint64_t allocated)
      : id(id), file(std::move(file)), end(end), allocated(allocated), synced_(end) {}

  const std::int64_t id;
  const FileHandle file;
  std::uint64_t end;         ///< where the next record goes
  std::uint64_t allocated;   ///< size of the file
  std::uint64_t zeroed = 0;  ///< zeros were written up to here

  /// Everything before `upto` is durable when this succeeds.
  Result<void> sync(std::uint64_t upto);
  /// All that was written to the file, records or not.
  Result<void> sync_all();
  bool broken();

 private:
  friend class Packs;
  Result<void> lead(std::unique_lock<std::mutex>&);
  std::mutex mutex_;
  std::condition_variable done_;
  std::uint64_t written_ = 0;  ///< what a sync that starts now will cover
  std::uint64_t synced_;
  bool syncing_ = false, broken_ = false;
};

/// A record that was appended and may not be durable yet.
struct Written {
  std::shared_ptr<Pack> pack;
  std::uint64_t end = 0;
  Result<void> sync() const { return pack->sync(end); }
};

/// A large object on its way into a pack of its own; removed unless it is published.
class Staged {
 public:
  Staged(std::filesystem::path path, std::int64_t pack, FileHandle file, const Room& room)
      : path_(std::move(path)), pack_(pack), file_(std::move(file)), room_(room) {}
  Staged(Staged&&) = default;
  ~Staged();
  Result<void> add(Bytes);
  std::uint64_t size() const { return size_; }
  std::string digest() const { return digest_.finish(); }

 private:
  friend class Packs;
  std::filesystem::path path_;
  std::int64_t pack_;
  FileHandle file_;
  const Room& room_;
  Digest digest_;
  std::uint64_t size_ = 0;
};

class Packs {
 public:
  Packs(std::filesystem::path directory, std::uint64_t pack_bytes, const Room& room, std::int64_t next)
      : directory_(std::move(directory)), pack_bytes_(pack_bytes), room_(room), next_(next) {}
  ~Packs();

  /// Goes on at the end of the newest pack, found by recovery; what is torn behind it goes.
  Result<void> reopen(std::int64_t pack, std::uint64_t end);

  using Placed = std::function<void(Place)>;
  /// `placed` is called with the mutex held, so in the order of offsets.
  Result<Written> append(const RecordHead&, Bytes body, const Placed& placed);

  Result<Staged> stage();
  /// Durable when it returns.
  Result<Place> publish(Staged, const RecordHead&);

  /// For quiet times: writes zeros to where the next objects will go. An object that arrives meanwhile waits for one
  /// small piece of it. Does nothing when the disk is nearly full; an error costs nothing but the speed.
  Result<void> zero_ahead();

  /// Bytes that the current pack has been given and does not use yet.
  std::uint64_t spare();

 private:
  Result<void> make_room(std::uint64_t size);
  Result<std::shared_ptr<Pack>> start_pack(std::uint64_t size);
  Result<void> grow(Pack&, std::uint64_t size);
  void close_current();

  const std::filesystem::path directory_;
  const std::uint64_t pack_bytes_;
  const Room& room_;
  std::mutex mutex_;
  std::int64_t next_;
  std::shared_ptr<Pack> current_;
};

}  // namespace larmor::storage
