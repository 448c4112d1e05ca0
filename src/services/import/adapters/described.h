#pragma once
/// Objects whose metadata comes first and whose bulk data follows as parts of their own (PS3.18 8.7.1, 10.5.1). Each
/// goes into storage when its last value has come. One thread.
#include <unordered_map>

#include "net/http.h"
#include "services/import/adapters/assembly.h"
#include "services/storage/storage.h"

namespace larmor::importing {

class Described {
 public:
  /// Gives an item its object's file; the item's identifiers are known.
  using Keep = std::function<Result<void>(StoreReport::Item&, ByteSource& part10)>;

  /// How bulk data comes.
  struct Form {
    std::string syntax;    ///< transfer syntax of compressed pixels; empty where they are not
    bool guessed = false;  ///< of a JPEG that came without one: its own markers tell
  };

  /// `most_waiting`: bytes of bulk data.
  Described(std::uint64_t most_waiting, StoreReport& report, Keep keep)
      : report_(report), keep_(std::move(keep)), spool_(most_waiting) {}

  /// Every object of the part becomes an item of the report; another part only where it is refused itself.
  Result<void> take(std::int64_t part, const net::Headers&, ByteSource& content);
  /// What did not come is said of each object that waits.
  void end();

 private:
  struct Waiting {
    std::size_t item = 0;  ///< of the report
    dicom::DataSet set;
    std::vector<Come> come;   ///< for each of set.apart
    std::size_t missing = 0;  ///< of them
    bool started = false;     ///< some of it lies in the spool
  };
  struct Named {
    std::size_t object = 0, value = 0;
  };

  Result<void> take_metadata(std::int64_t part, ByteSource& content);
  void take_object(std::int64_t part, const Json& model);
  Result<void> wait_for(std::size_t item, dicom::DataSet);
  Result<void> take_bulk(const net::Headers&, ByteSource& content);
  Result<void> put_value(Waiting&, std::size_t value, Form, ByteSource& content);
  static std::uint64_t parts_of(const Waiting&, const Come&);
  void finish(Waiting&);
  void refuse(Waiting&, Error);
  void forget(Waiting&);

  StoreReport& report_;
  Keep keep_;
  Spool spool_;
  std::size_t in_spool_ = 0;  ///< objects that have something there
  std::vector<Waiting> waiting_;
  std::unordered_map<std::string, Named> by_uri_;
};

}  // namespace larmor::importing
