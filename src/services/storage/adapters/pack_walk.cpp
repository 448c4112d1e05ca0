#include "services/storage/adapters/pack_walk.h"

#include <fcntl.h>

#include "services/storage/adapters/digest.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

class Walk {
 public:
  Walk(const FileHandle& file, std::uint64_t from) : file_(file) { end_.end = from; }

  Result<PackEnd> run(const Visit& visit) {
    for (;;) {
      const auto head = TRY(head_at(end_.end));
      if (head && TRY(is_intact(*head, end_.end))) {
        CHECK_OK(visit({*head, end_.end, Bytes(front_)}));
        end_.end += record_size(head->size);
        continue;
      }
      const auto next = TRY(next_intact(head));
      if (!next) break;
      end_.damage.push_back({end_.end, *next, head ? head->name : std::string()});
      end_.end = *next;
    }
    end_.torn = TRY(has_content(end_.end));
    return std::move(end_);
  }

 private:
  Result<std::optional<RecordHead>> head_at(std::uint64_t offset) {
    Block block;
    if (TRY(read_at(file_, block, offset)) < block.size()) return std::nullopt;
    return decode(block);
  }

  /// Leaves the front of the object in front_.
  Result<bool> is_intact(const RecordHead& head, std::uint64_t offset) {
    offset += kBlock;
    front_.resize(std::min<std::uint64_t>(head.size, kFront));
    if (TRY(read_at(file_, front_, offset)) < front_.size()) return false;
    if (head.size <= kFront) return digest_of(front_) == head.digest;
    Digest digest;
    digest.add(front_);
    std::vector<std::byte> piece(kPiece);
    for (std::uint64_t done = front_.size(); done < head.size; done += piece.size()) {
      piece.resize(std::min<std::uint64_t>(kPiece, head.size - done));
      if (TRY(read_at(file_, piece, offset + done)) < piece.size()) return false;
      digest.add(piece);
    }
    return digest.finish() == head.digest;
  }

  /// The first intact record behind a place where there is none. Where the bad record's own length leads is tried
  /// first.
  Result<std::optional<std::uint64_t>> next_intact(const std::optional<RecordHead>& bad) {
    if (bad) {
      const auto behind = end_.end + record_size(bad->size);
      const auto head = TRY(head_at(behind));
      if (head && TRY(is_intact(*head, behind))) return behind;
    }
    std::vector<std::byte> piece(kPiece);
    for (auto at = end_.end + kBlock;;) {
      const auto size = TRY(read_at(file_, piece, at)) / kBlock * kBlock;
      if (size == 0) return std::nullopt;
      for (std::size_t i = 0; i < size; i += kBlock) {
        Block block;
        std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(i), kBlock, block.begin());
        if (const auto head = decode(block); head && TRY(is_intact(*head, at + i))) return at + i;
      }
      at += size;
    }
  }

  Result<bool> has_content(std::uint64_t from) {
    std::vector<std::byte> piece(kPiece);
    for (auto at = from;;) {
      const auto size = TRY(read_at(file_, piece, at));
      if (size == 0) return false;
      if (!is_blank(Bytes(piece).first(size))) return true;
      at += size;
    }
  }

  const FileHandle& file_;
  PackEnd end_;
  std::vector<std::byte> front_;
};

}  // namespace

Result<PackEnd> walk_pack(const std::filesystem::path& path, std::uint64_t from, const Visit& visit) {
  const auto file = TRY(open_file(path, O_RDONLY));
  return Walk(file, from).run(visit);
}

}  // namespace larmor::storage
