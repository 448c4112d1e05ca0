#pragma once
/// A few connections for readers, so that queries run beside the writer and beside each other (WAL).
///
/// Threads: lease() may be called from any thread; a Lease belongs to one. When all are out, lease() waits for one to
/// come back. Failures: those of Database::open.
#include <condition_variable>
#include <mutex>
#include <vector>

#include "backends/sqlite/sqlite.h"

namespace larmor::sqlite {

class Readers {
 public:
  Readers(std::filesystem::path file, int most) : file_(std::move(file)), most_(most) {}

  class Lease {
   public:
    Lease(Readers& home, Database database) : home_(&home), database_(std::move(database)) {}
    Lease(Lease&& other) noexcept : home_(std::exchange(other.home_, nullptr)), database_(std::move(other.database_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Database* operator->() { return &database_; }
    Database& operator*() { return database_; }

   private:
    Readers* home_;
    Database database_;
  };

  Result<Lease> lease();

 private:
  const std::filesystem::path file_;
  const int most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Database> idle_;
  int made_ = 0;
};

}  // namespace larmor::sqlite
