#pragma once
/// Orthanc as an archive for tests: takes objects in, answers queries, sends on request.
#include "dicom/dimse/peer.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse::testing {

class Orthanc {
 public:
  /// `title`@127.0.0.1:`port`: whom it knows as a destination.
  Orthanc(const std::string& title, int port) {
    std::ofstream(folder_.path() / "orthanc.json")
        << fmt::format(R"({{"StorageDirectory": "{0}", "IndexDirectory": "{0}", "DicomPort": {1}, "HttpPort": {2},
                           "DicomAet": "ORTHANC", "DicomAlwaysAllowFind": true, "DicomAlwaysAllowStore": true,
                           "DicomAlwaysAllowMove": true, "DicomCheckModalityHost": false,
                           "DicomModalities": {{"larmor": ["{3}", "127.0.0.1", {4}]}},
                           "RemoteAccessAllowed": false, "Plugins": []}})",
                       folder_.path().string(), port_, free_port(), title, port);
    program_ =
        std::make_unique<Process>(std::vector<std::string>{"Orthanc", (folder_.path() / "orthanc.json").string()});
  }
  bool listening() const { return program_->started() && listens(port_); }
  std::string output() const { return program_->output(); }
  Peer peer() const { return {"ORTHANC", "127.0.0.1", port_, AeTitle("ORTHANC")}; }

 private:
  Scratch folder_;
  int port_ = free_port();
  std::unique_ptr<Process> program_;
};

}  // namespace larmor::dimse::testing
