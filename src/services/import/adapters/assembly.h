#pragma once
/// A Part 10 file put together of a data set and its values that came apart (PS3.10 section 7.1, PS3.5 annex A). Read
/// once; one thread.
#include <variant>

#include "dicom/web/json_model.h"
#include "services/import/adapters/spool.h"
#include "services/import/import.h"

namespace larmor::importing {

/// What has come for one value of dicom::DataSet::apart.
struct Come {
  std::vector<Spool::Slice> slices;  ///< one, or one for each compressed frame
  std::string syntax;                ///< of compressed pixels; empty otherwise
};

class Assembly final : public ByteSource {
 public:
  /// `come`: for each of `set.apart`. Both, and the spool, must stay. `invalid` names the attribute that is not of the
  /// length that the header tells.
  static Result<Assembly> make(const StoreReport::Item&, const dicom::DataSet&, const std::vector<Come>&, const Spool&);
  Result<std::size_t> read(MutableBytes into) override;

 private:
  using Piece = std::variant<std::string, std::string_view, Spool::Slice>;
  explicit Assembly(const Spool& spool) : spool_(&spool) {}
  Result<void> append(const dicom::Apart&, const Come&, const dicom::DataSet&);
  void append_frames(const dicom::Apart&, const Come&);

  const Spool* spool_;
  std::vector<Piece> pieces_;
  std::size_t at_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace larmor::importing
