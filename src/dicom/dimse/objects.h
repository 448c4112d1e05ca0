#pragma once
/// Objects to send, one after another and as many times as it takes, so that nobody has to hold a line for each.
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/id.h"

namespace larmor::dimse {

/// What an object needs to be taken.
using Kind = std::pair<SopClassUid, TransferSyntaxUid>;

/// One object to send.
struct Outgoing {
  SopClassUid sop_class;
  SopUid instance;
  TransferSyntaxUid transfer_syntax;
  /// Its Part 10 file from the start. Called when its turn comes, at most once per try.
  std::function<Result<std::unique_ptr<ByteSource>>()> open;

  Kind kind() const { return {sop_class, transfer_syntax}; }
};

/// One thread at a time. How many there are, and their order, stay the same.
class Objects {
 public:
  virtual ~Objects() = default;
  virtual std::size_t size() const = 0;
  virtual std::set<Kind> kinds() const = 0;
  /// How many were given since the beginning.
  virtual std::size_t given() const = 0;
  /// Good until the next call; nullptr behind the last. On an Error the rest cannot be had.
  virtual Result<const Outgoing*> next() = 0;
  virtual void begin_anew() = 0;
};

/// Those of somebody who has them all.
class Listed final : public Objects {
 public:
  explicit Listed(std::span<const Outgoing> all) : all_(all) {}
  std::size_t size() const override { return all_.size(); }
  std::set<Kind> kinds() const override {
    std::set<Kind> kinds;
    for (const auto& o : all_) kinds.insert(o.kind());
    return kinds;
  }
  std::size_t given() const override { return given_; }
  Result<const Outgoing*> next() override { return given_ < all_.size() ? &all_[given_++] : nullptr; }
  void begin_anew() override { given_ = 0; }

 private:
  std::span<const Outgoing> all_;
  std::size_t given_ = 0;
};

}  // namespace larmor::dimse
