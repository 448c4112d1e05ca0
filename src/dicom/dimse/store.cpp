#include "dicom/dimse/store.h"

#include "dicom/dimse/convert.h"
#include "dicom/dimse/file_head.h"

namespace larmor::dimse {
namespace {

/// Status of a C-STORE response (PS3.4, table B.2-1) as one of our errors.
Error refusal(const Command& answer) {
  const auto status = answer.status;
  const auto comment = answer.comment.empty() ? std::string() : fmt::format(" ({})", answer.comment);
  const auto word = [&](Code code, std::string_view what, std::string_view hint) {
    return Error{code, fmt::format("refused with status 0x{:04X}, {}{}", status, what, comment), std::string(hint), ""};
  };
  if ((status & 0xFF00) == 0xA700) return word(Code::out_of_space, "out of resources", "Its disk may be full");
  if ((status & 0xFF00) == 0xA900) return word(Code::invalid, "the data set does not match its SOP class", "");
  if ((status & 0xF000) == 0xC000) return word(Code::invalid, "it cannot understand the object", "Its log tells more");
  if (status == 0x0122) return word(Code::unsupported, "SOP class not supported", "Ask its administrator to allow it");
  if (status == 0x0124) return word(Code::forbidden, "not authorised", "Ask its administrator to let Larmor store");
  if (status == 0x0111) return word(Code::conflict, "it has another object of this UID", "");
  return word(Code::unavailable, "processing failure", "Its log tells more");
}

/// As stored if that is taken; otherwise a way that every object can go, an uncompressed one; otherwise any.
const Agreed* way_for(const TransferSyntaxUid& stored, std::span<const Agreed> ways) {
  const Agreed* best = nullptr;
  const auto uncompressed = [](const Agreed& way) {
    return way.transfer_syntax == kExplicitLittle || way.transfer_syntax == kImplicitLittle;
  };
  for (const auto& way : ways) {
    if (way.context == 0) continue;
    if (way.transfer_syntax == stored.str()) return &way;
    if (!best || (uncompressed(way) && !uncompressed(*best))) best = &way;
  }
  return best;
}

Result<Stored> transfer(const Outgoing& object, Context context, ByteSource& dataset, const Exchange& exchange) {
  Command request{Field::store_request, 0, object.sop_class, object.instance};
  request.data_set = true;
  const auto answer = TRY(exchange(context, request, dataset));
  if (!is_success(answer.status)) return Stored{refusal(answer)};
  return Stored{};
}

}  // namespace

Result<Stored> store_one(const Outgoing& object, std::span<const Agreed> ways, const Exchange& exchange) {
  const auto* way = way_for(object.transfer_syntax, ways);
  if (!way)
    return Stored{Error{Code::unsupported, fmt::format("it takes no objects of SOP class {}", object.sop_class),
                        "Ask its administrator to allow this class", ""}};
  auto file = object.open();
  if (!file) return Stored{file.error()};
  if (const auto meta = read_file_head(**file); !meta)
    return Stored{while_doing("the stored file is damaged", meta.error())};
  if (way->transfer_syntax == object.transfer_syntax.str()) return transfer(object, way->context, **file, exchange);

  auto other = convert(**file, object.transfer_syntax, TransferSyntaxUid(way->transfer_syntax));
  if (!other) return Stored{other.error()};
  MemorySource converted(as_bytes(*other));
  auto stored = TRY(transfer(object, way->context, converted, exchange));
  stored.converted = true;
  return stored;
}

}  // namespace larmor::dimse
