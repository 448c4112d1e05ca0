#pragma once
/// Reading past the head of a DICOM file (PS3.10, 7.1): preamble, "DICM", and the file meta information in group 2.
/// Only what the network needs to know; dicom/data writes heads. Pure: streams, no file is opened here.
#include <string>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"

namespace larmor::dimse {

struct FileMeta {
  SopClassUid sop_class;
  SopUid instance;
  TransferSyntaxUid transfer_syntax;
  std::string source;  ///< (0002,0016) AE title of the sender; may be empty
};

/// Reads up to the data set; the next byte from `source` is the data set's first. `corrupt` says why it is no DICOM
/// file.
Result<FileMeta> read_file_head(ByteSource& source);

/// One stream after the other.
class ChainedSource final : public ByteSource {
 public:
  ChainedSource(ByteSource& first, ByteSource& second) : sources_{&first, &second} {}
  Result<std::size_t> read(MutableBytes into) override;

 private:
  std::array<ByteSource*, 2> sources_;
  std::size_t at_ = 0;
};

}  // namespace larmor::dimse
