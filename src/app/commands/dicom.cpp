/// Commands that speak DICOM themselves and need no server of ours.
#include <fcntl.h>

#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "base/file.h"
#include "base/file_source.h"
#include "base/json.h"
#include "base/number.h"
#include "dicom/data/scan.h"
#include "dicom/dimse/scu.h"
#include "dicom/objects/dicomize.h"
#include "imaging/nifti/nifti.h"
#include "imaging/simulate.h"

namespace larmor::app {
namespace {

constexpr std::size_t kHeaderBytes = 1u << 16;  ///< enough of a file to find its UIDs
constexpr std::size_t kMostFiles = 1'000'000;

/// "AE@host:port"
Result<dimse::Peer> parse_peer(const std::string& text, const std::string& from) {
  const auto wrong = [&](std::string_view why) {
    return fail_with({Code::invalid, fmt::format("'{}' names no DICOM peer: {}", text, why),
                      "Write AE@host:port, for example ARCHIVE@10.0.0.5:104.", "--to"});
  };
  const auto at = text.find('@'), colon = text.rfind(':');
  if (at == std::string::npos || colon == std::string::npos || colon < at) return wrong("it is not AE@host:port");
  dimse::Peer peer;
  peer.called = TRY(dimse::parse_ae_title(text.substr(0, at)));
  peer.calling = TRY(dimse::parse_ae_title(from));
  peer.name = peer.called.str();
  peer.host = text.substr(at + 1, colon - at - 1);
  peer.port = to_number<int>(std::string_view(text).substr(colon + 1)).value_or(0);
  if (peer.port < 1 || peer.port > 65535) return wrong("the port is not 1 to 65535");
  return peer;
}

Result<dimse::Outgoing> outgoing(const std::filesystem::path& path) {
  auto file = TRY(open_file(path, O_RDONLY));
  std::string front(kHeaderBytes, '\0');
  front.resize(TRY(read_at(file, std::as_writable_bytes(std::span(front)), 0)));
  const auto head = TRY(dicom::scan(as_bytes(front), {}));
  if (head.media_class.empty() || head.media_instance.empty() || head.transfer_syntax.empty())
    return fail(Code::corrupt, "{} does not say which object it is", path.string());
  return dimse::Outgoing{SopClassUid(std::string(head.media_class)), SopUid(std::string(head.media_instance)),
                         TransferSyntaxUid(std::string(head.transfer_syntax)),
                         [path]() -> Result<std::unique_ptr<ByteSource>> {
                           return std::make_unique<FileSource>(TRY(open_file(path, O_RDONLY)));
                         }};
}

struct Gathered {
  std::vector<dimse::Outgoing> files;
  std::vector<std::pair<std::string, std::string>> skipped;  ///< name, reason
};

Result<Gathered> gather(const std::vector<std::filesystem::path>& inputs) {
  Gathered all;
  const auto take = [&](const std::filesystem::path& path) {
    if (path.filename() == "DICOMDIR") return;  // lists the others, is none of them
    if (auto one = outgoing(path))
      all.files.push_back(std::move(*one));
    else
      all.skipped.emplace_back(path.string(), to_string(one.error()));
  };
  for (const auto& input : inputs) {
    if (!std::filesystem::is_directory(input)) {
      take(input);
      continue;
    }
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator
             it(input, std::filesystem::directory_options::skip_permission_denied, error),
         end;
         it != end; it.increment(error)) {
      if (it->is_regular_file()) take(it->path());
      if (all.files.size() > kMostFiles)
        return fail(Code::too_large, "more than {} files below {}", kMostFiles, input.string());
    }
  }
  return all;
}

}  // namespace

Result<int> dicomize(const DicomizeArguments& a) {
  const auto image = TRY(imaging::nifti::read_file(a.input));
  dicom::DicomizePatient patient{.name = a.patient_name, .birth_date = a.birth_date, .sex = a.sex};
  if (!a.patient_id.empty()) patient.id = a.patient_id;
  dicom::DicomizeOptions options;
  options.patient = Phi(std::move(patient));
  options.seed = a.seed;
  options.simulated = a.simulated;
  if (options.simulated.empty() && image.description.starts_with(imaging::kSimulated))
    options.simulated = image.description.substr(imaging::kSimulated.size());
  if (!a.study_date.empty()) options.study_date = a.study_date;
  if (!a.study_description.empty()) options.study_description = a.study_description;
  if (!a.series_description.empty()) options.series_description = a.series_description;
  const auto objects = TRY(dicom::dicomize(image.volume, options));

  std::error_code error;
  std::filesystem::create_directories(a.out, error);
  if (error) return fail(Code::forbidden, "cannot make {}: {}", a.out.string(), error.message());
  for (std::size_t i = 0; i < objects.size(); ++i)
    CHECK_OK(write_file_durably(a.out / fmt::format("{:04}.dcm", i + 1), objects[i].bytes));
  constexpr std::array wanted = {dicom::tag::kStudyInstanceUid};
  const auto head = TRY(dicom::scan(as_bytes(objects.front().bytes), wanted));
  const auto study = head[dicom::tag::kStudyInstanceUid];
  if (a.json)
    fmt::print("{}\n",
               Json{{"study", study}, {"series", objects.front().series}, {"instances", objects.size()}}.dump());
  else
    fmt::print("{} images of study {} in {}\n", objects.size(), study, a.out.string());
  return 0;
}

Result<int> send(const SendArguments& a) {
  const auto peer = TRY(parse_peer(a.to, a.from));
  const auto gathered = TRY(gather(a.inputs));
  for (const auto& [name, reason] : gathered.skipped) fmt::print(stderr, "skipped {}: {}\n", name, reason);
  if (gathered.files.empty()) return fail(Code::invalid, "nothing to send: no DICOM object among the inputs");
  const auto delivery = TRY(dimse::send(peer, gathered.files));
  for (const auto& refused : delivery.refused)
    fmt::print(stderr, "refused {}: {}\n", refused.instance, to_string(refused.why));
  if (a.json)
    fmt::print("{}\n",
               Json{{"sent", delivery.sent}, {"refused", delivery.refused.size()}, {"skipped", gathered.skipped.size()}}
                   .dump());
  else
    fmt::print("{} of {} objects sent to {}\n", delivery.sent, gathered.files.size(), dimse::words(peer));
  return delivery.refused.empty() ? 0 : 1;
}

Result<int> echo(const EchoArguments& a) {
  const auto peer = TRY(parse_peer(a.to, a.from));
  const auto start = std::chrono::steady_clock::now();
  CHECK_OK(dimse::echo(peer));
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (a.json)
    fmt::print("{}\n", Json{{"reached", true}, {"seconds", took}}.dump());
  else
    fmt::print("{} answers, after {:.0f} ms\n", dimse::words(peer), 1000 * took);
  return 0;
}

}  // namespace larmor::app
