#include "dicom/dimse/data_set.h"

#include <dcmtk/dcmdata/dcistrmb.h>

namespace larmor::dimse {

Result<std::unique_ptr<DcmDataset>> read_data_set(const std::string& bytes, const std::string& transfer_syntax) {
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  auto data = std::make_unique<DcmDataset>();
  data->transferInit();
  const auto status = data->read(stream, DcmXfer(transfer_syntax.c_str()).getXfer());
  data->transferEnd();
  if (status.bad()) return fail(Code::corrupt, "the data set cannot be read: {}", status.text());
  return data;
}

}  // namespace larmor::dimse
