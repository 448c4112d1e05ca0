#include "dicom/dimse/convert.h"
#include "dicom/dimse/file_head.h"
#include "dicom/dimse/requestor.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {
namespace {

/// What one kind of object needs: its own transfer syntax, and the way out if the peer does not take that.
using Kind = std::pair<SopClassUid, TransferSyntaxUid>;

struct Group {
  std::vector<Proposal> proposals;    ///< two per kind: as stored, uncompressed
  std::map<Kind, std::size_t> first;  ///< index of the kind's first proposal
  std::vector<const Outgoing*> objects;
};

/// As many associations as the bound on proposals asks for; nearly always one.
std::vector<Group> in_groups(std::span<const Outgoing> objects) {
  std::vector<Group> groups;
  std::map<Kind, std::size_t> group_of;
  for (const auto& o : objects) {
    const Kind kind{o.sop_class, o.transfer_syntax};
    if (!group_of.contains(kind)) {
      if (groups.empty() || groups.back().proposals.size() + 2 > Requestor::kMostProposals) groups.emplace_back();
      auto& g = groups.back();
      group_of[kind] = groups.size() - 1;
      g.first[kind] = g.proposals.size();
      g.proposals.push_back({o.sop_class.str(), {o.transfer_syntax.str()}});
      std::vector<std::string> uncompressed;
      for (const auto syntax : {kExplicitLittle, kImplicitLittle})
        if (syntax != o.transfer_syntax.str()) uncompressed.emplace_back(syntax);
      g.proposals.push_back({o.sop_class.str(), std::move(uncompressed)});
    }
    groups[group_of[kind]].objects.push_back(&o);
  }
  return groups;
}

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

/// An association's failure ends the whole; everything else is about one object.
struct Step {
  std::optional<Error> refused;
  bool converted = false;
};

Result<Step> transfer(Requestor& line, const Outgoing& object, Context context, ByteSource& dataset) {
  const auto number = line.next_message();
  CHECK_OK(line.send(context, {Field::store_request, number, object.sop_class, object.instance, true, 0, ""}));
  CHECK_OK(line.send_data(context, dataset));
  const auto answer = TRY(line.receive());
  if (answer.command.field != Field::store_response || answer.command.message != number)
    return fail(Code::unavailable, "the answer does not belong to the question");
  if (!is_success(answer.command.status)) return Step{refusal(answer.command)};
  return Step{};
}

Result<Step> send_one(Requestor& line, const Group& group, const Outgoing& object) {
  const auto at = group.first.at({object.sop_class, object.transfer_syntax});
  const auto &as_stored = line.agreed(at), &otherwise = line.agreed(at + 1);
  if (as_stored.context == 0 && otherwise.context == 0)
    return Step{Error{Code::unsupported, fmt::format("it takes no objects of SOP class {}", object.sop_class),
                      "Ask its administrator to allow this class", ""}};
  auto file = object.open();
  if (!file) return Step{file.error()};
  if (const auto meta = read_file_head(**file); !meta)
    return Step{while_doing("the stored file is damaged", meta.error())};
  if (as_stored.context != 0) return transfer(line, object, as_stored.context, **file);

  auto other = convert(**file, object.transfer_syntax, TransferSyntaxUid(otherwise.transfer_syntax));
  if (!other) return Step{other.error()};
  MemorySource converted(as_bytes(*other));
  auto step = TRY(transfer(line, object, otherwise.context, converted));
  step.converted = true;
  return step;
}

Result<void> send_group(const Peer& peer, const Group& group, const GoOn& go_on, Delivery& delivery) {
  const auto line = TRY(Requestor::open(peer, group.proposals));
  for (const auto* object : group.objects) {
    const auto done = static_cast<std::size_t>(delivery.sent) + delivery.refused.size();
    if (go_on && !go_on(done)) return fail(Code::cancelled, "stopped after {} objects", done);
    const auto step = TRY(send_one(*line, group, *object));
    if (step.refused) {
      delivery.refused.push_back({object->instance, *step.refused});
    } else {
      ++delivery.sent;
      delivery.converted += step.converted;
    }
  }
  line->release();
  return {};
}

}  // namespace

Result<Delivery> send(const Peer& peer, std::span<const Outgoing> objects, const GoOn& go_on, std::string_view what) {
  Delivery delivery;
  for (const auto& group : in_groups(objects))
    if (auto sent = send_group(peer, group, go_on, delivery); !sent) {
      auto e = std::move(sent).error();
      e.what = fmt::format("cannot send {}{}to {}: {}", what, what.empty() ? "" : " ", words(peer), e.what);
      return fail_with(std::move(e));
    }
  return delivery;
}

}  // namespace larmor::dimse
