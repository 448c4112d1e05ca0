// Sends objects over one association with DCMTK's own network code as it ships: Nagle's algorithm on, a PDU in two
// writes. storescu does the same but reads and parses each file on the way, 1.6 ms an object, and a quick receiver
// would wait for that. Here everything is in memory before the clock starts.
//
//   dcmtk_sender PORT CALLED_AE FOLDER
//
// FOLDER holds Part 10 files of one class and transfer syntax. Prints one line of JSON.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <vector>

namespace {

struct Association {
  T_ASC_Network* network = nullptr;
  T_ASC_Association* association = nullptr;
  ~Association() {
    if (association) ASC_releaseAssociation(association), ASC_destroyAssociation(&association);
    if (network) ASC_dropNetwork(&network);
  }

  OFCondition open(const std::string& port, const char* called, const char* sop_class, const char* syntax) {
    T_ASC_Parameters* wish = nullptr;
    auto status = ASC_initializeNetwork(NET_REQUESTOR, 0, 30, &network);
    if (status.good()) status = ASC_createAssociationParameters(&wish, ASC_DEFAULTMAXPDU);
    if (status.bad()) return status;
    ASC_setAPTitles(wish, "BENCH", called, nullptr);
    ASC_setPresentationAddresses(wish, "localhost", ("127.0.0.1:" + port).c_str());
    status = ASC_addPresentationContext(wish, 1, sop_class, &syntax, 1);
    return status.good() ? ASC_requestAssociation(network, wish, &association) : status;
  }
};

bool send(T_ASC_Association* association, DcmDataset& data) {
  T_DIMSE_C_StoreRQ request{};
  OFString sop_class, instance;
  data.findAndGetOFString(DCM_SOPClassUID, sop_class);
  data.findAndGetOFString(DCM_SOPInstanceUID, instance);
  request.MessageID = association->nextMsgID++;
  OFStandard::strlcpy(request.AffectedSOPClassUID, sop_class.c_str(), sizeof request.AffectedSOPClassUID);
  OFStandard::strlcpy(request.AffectedSOPInstanceUID, instance.c_str(), sizeof request.AffectedSOPInstanceUID);
  request.DataSetType = DIMSE_DATASET_PRESENT;
  T_DIMSE_C_StoreRSP answer{};
  DcmDataset* detail = nullptr;
  const auto status =
      DIMSE_storeUser(association, 1, &request, nullptr, &data, nullptr, nullptr, DIMSE_BLOCKING, 0, &answer, &detail);
  const std::unique_ptr<DcmDataset> held(detail);
  return status.good() && answer.DimseStatus == STATUS_Success;
}

int run(const std::string& port, const char* called, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::unique_ptr<DcmFileFormat>> files;
  for (const auto& path : paths) {
    files.push_back(std::make_unique<DcmFileFormat>());
    const auto status = files.back()->loadFile(path.c_str());
    if (status.bad()) return fmt::print(stderr, "{}: {}\n", path.string(), status.text()), 2;
    files.back()->loadAllDataIntoMemory();
  }
  if (files.empty()) return fmt::print(stderr, "{} is empty\n", folder.string()), 2;
  OFString sop_class;
  files[0]->getDataset()->findAndGetOFString(DCM_SOPClassUID, sop_class);
  const DcmXfer syntax(files[0]->getDataset()->getOriginalXfer());
  Association to;
  const auto began = std::chrono::steady_clock::now();
  if (const auto status = to.open(port, called, sop_class.c_str(), syntax.getXferID()); status.bad())
    return fmt::print(stderr, "no association: {}\n", status.text()), 2;
  long sent = 0, refused = 0;
  for (const auto& file : files) ++(send(to.association, *file->getDataset()) ? sent : refused);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{{\"sent\": {}, \"refused\": {}, \"seconds\": {:.4f}, \"per_second\": {:.2f}}}\n", sent, refused,
             took.count(), static_cast<double>(sent) / took.count());
  return refused > 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return std::fputs("dcmtk_sender PORT CALLED_AE FOLDER\n", stderr), 2;
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  return run(arguments[1], arguments[2], arguments[3]);
}
