#include "dicom/dimse/exchange.h"

#include <dcmtk/dcmnet/dul.h>

#include <cstring>

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargestCommand = 16'384;

OFCondition next_fragment(T_ASC_Association& association, DUL_PDV& fragment) {
  auto status = DUL_NextPDV(&association.DULassociation, &fragment);
  if (status.good()) return status;
  status = DUL_ReadPDVs(&association.DULassociation, nullptr, DUL_BLOCK, 0);
  return status == DUL_PDATAPDUARRIVED ? DUL_NextPDV(&association.DULassociation, &fragment) : status;
}

Error broken(const Wire& wire, std::string_view doing, const OFCondition& status) {
  if (wire.timed_out) return {Code::timed_out, fmt::format("{}: the other side was waited for in vain", doing), "", ""};
  return {Code::unavailable, fmt::format("{}: {}", doing, status.text()), "", ""};
}

Result<void> send_fragment(T_ASC_Association& association, const Wire& wire, Context context, DUL_DATAPDV kind,
                           MutableBytes piece, bool last) {
  DUL_PDV fragment{};
  fragment.fragmentLength = static_cast<unsigned long>(piece.size());
  fragment.presentationContextID = context;
  fragment.pdvType = kind;
  fragment.lastPDV = last;
  fragment.data = piece.data();
  DUL_PDVLIST list{};
  list.count = 1;
  list.pdv = &fragment;
  const auto status = DUL_WritePDVs(&association.DULassociation, &list);
  if (status.bad()) return fail_with(broken(wire, "the connection broke while sending", status));
  return {};
}

/// Reads until `into` is full or the source has ended.
Result<std::size_t> fill(ByteSource& source, MutableBytes into) {
  std::size_t have = 0;
  while (have < into.size()) {
    const auto got = TRY(source.read(into.subspan(have)));
    if (got == 0) break;
    have += got;
  }
  return have;
}

}  // namespace

Result<std::size_t> PdvSource::read(MutableBytes into) {
  while (left_.empty()) {
    if (broken_) return fail(Code::unavailable, "the association broke in mid-object");
    if (last_) return std::size_t{0};
    CHECK_OK(next());
  }
  const auto taken = std::min(into.size(), left_.size());
  std::memcpy(into.data(), left_.data(), taken);
  left_ = left_.subspan(taken);
  return taken;
}

bool PdvSource::drain() {
  while (!last_ && !broken_)
    if (!next()) return false;
  return !broken_;
}

Result<void> PdvSource::next() {
  DUL_PDV fragment{};
  const auto status = next_fragment(association_, fragment);
  if (status.bad()) {
    broken_ = true;
    return fail_with(broken(wire_, "the sender stopped in mid-object", status));
  }
  if (fragment.pdvType != DUL_DATASETPDV || fragment.presentationContextID != context_) {
    broken_ = true;
    return fail(Code::invalid, "a command came in the middle of a data set");
  }
  left_ = Bytes(static_cast<const std::byte*>(fragment.data), fragment.fragmentLength);
  last_ = fragment.lastPDV;
  return {};
}

Reception receive_command(T_ASC_Association& association, const Wire& wire) {
  std::string gathered;
  Context context = 0;
  for (;;) {
    DUL_PDV fragment{};
    const auto status = next_fragment(association, fragment);
    if (status.bad()) return {fail_with(broken(wire, "no message came", status)), status};
    const bool first = gathered.empty();
    if (fragment.pdvType != DUL_COMMANDPDV || (!first && fragment.presentationContextID != context))
      return {fail(Code::invalid, "a data set came where a command was due"), EC_IllegalCall};
    if (gathered.size() + fragment.fragmentLength > kLargestCommand)
      return {fail(Code::too_large, "a command of more than {} bytes", kLargestCommand), EC_IllegalCall};
    context = fragment.presentationContextID;
    gathered.append(static_cast<const char*>(fragment.data), fragment.fragmentLength);
    if (!fragment.lastPDV) continue;
    auto command = decode(as_bytes(gathered));
    if (!command) return {Failure(command.error()), EC_IllegalCall};
    return {Received{std::move(*command), context}, EC_Normal};
  }
}

bool message_waits(T_ASC_Association& association, Wire& wire, std::chrono::seconds patience) {
  const bool before = wire.timed_out;
  const bool waits = ASC_dataWaiting(&association, static_cast<int>(patience.count())) != OFFalse;
  wire.timed_out = before;
  return waits;
}

Result<void> send_command(T_ASC_Association& association, const Wire& wire, Context context, const Command& command) {
  auto bytes = encode(command);
  return send_fragment(association, wire, context, DUL_COMMANDPDV, std::as_writable_bytes(std::span(bytes)), true);
}

Result<void> send_data(T_ASC_Association& association, const Wire& wire, Context context, ByteSource& source) {
  // Two halves of a double buffer: only when the next piece is known to be empty is this one the last.
  const auto size = static_cast<std::size_t>(association.sendPDVLength);
  std::vector<std::byte> ahead(size);
  MutableBytes now(reinterpret_cast<std::byte*>(association.sendPDVBuffer), size), next(ahead);
  auto have = TRY(fill(source, now));
  for (;;) {
    const auto more = have < size ? 0 : TRY(fill(source, next));
    if (have % 2 != 0) now[have++] = std::byte{0};  // PS3.8, D.1: even; only a deflated data set may end oddly
    CHECK_OK(send_fragment(association, wire, context, DUL_DATASETPDV, now.first(have), more == 0));
    if (more == 0) return {};
    std::swap(now, next);
    have = more;
  }
}

}  // namespace larmor::dimse
