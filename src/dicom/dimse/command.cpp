#include "dicom/dimse/command.h"

namespace larmor::dimse {
namespace {

enum Element : std::uint16_t {
  kGroupLength = 0x0000,
  kSopClass = 0x0002,
  kRequestedSopClass = 0x0003,
  kField = 0x0100,
  kMessage = 0x0110,
  kRespondedTo = 0x0120,
  kDestination = 0x0600,
  kPriority = 0x0700,
  kDataSetType = 0x0800,
  kStatus = 0x0900,
  kComment = 0x0902,
  kInstance = 0x1000,
  kRequestedInstance = 0x1001,
  kEventType = 0x1002,
  kActionType = 0x1008,
  kRemaining = 0x1020,
  kCompleted = 0x1021,
  kFailed = 0x1022,
  kWarned = 0x1023,
};
constexpr std::size_t kLongestComment = 64;
constexpr std::uint16_t kNoDataSet = 0x0101, kCancelled = 0xFE00;

void put16(std::string& out, std::uint16_t v) {
  out += static_cast<char>(v & 0xFF);
  out += static_cast<char>(v >> 8);
}
void put32(std::string& out, std::uint32_t v) {
  put16(out, static_cast<std::uint16_t>(v));
  put16(out, static_cast<std::uint16_t>(v >> 16));
}
void put_head(std::string& out, std::uint16_t element, std::size_t length) {
  put16(out, 0);
  put16(out, element);
  put32(out, static_cast<std::uint32_t>(length));
}
void put_number(std::string& out, std::uint16_t element, std::uint16_t value) {
  put_head(out, element, 2);
  put16(out, value);
}
void put_text(std::string& out, std::uint16_t element, std::string_view text, char padding) {
  put_head(out, element, text.size() + text.size() % 2);
  out += text;
  if (text.size() % 2) out += padding;
}

std::uint32_t get(Bytes bytes, int size) {
  std::uint32_t value = 0;
  for (int i = size; i-- > 0;) value = value << 8 | std::to_integer<std::uint32_t>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

std::string text_of(Bytes value) {
  auto text = as_text(value);
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

void take(Command& c, std::uint16_t element, Bytes value, bool& has_field, bool& has_message) {
  const auto number = [&] { return value.size() >= 2 ? static_cast<std::uint16_t>(get(value, 2)) : std::uint16_t{0}; };
  switch (element) {
    case kField:
      c.field = static_cast<Field>(number()), has_field = value.size() == 2;
      break;
    case kMessage:
    case kRespondedTo:
      c.message = number(), has_message = value.size() == 2;
      break;
    case kDataSetType:
      c.data_set = number() != kNoDataSet;
      break;
    case kStatus:
      c.status = number();
      break;
    case kComment:
      c.comment = text_of(value);
      break;
    case kSopClass:
    case kRequestedSopClass:
      c.sop_class = SopClassUid(text_of(value));
      break;
    case kInstance:
    case kRequestedInstance:
      c.instance = SopUid(text_of(value));
      break;
    case kEventType:
    case kActionType:
      c.type = number();
      break;
    case kDestination:
      c.destination = AeTitle(text_of(value));
      break;
    case kCompleted:
      c.completed = number();
      break;
    case kFailed:
      c.failed = number();
      break;
    case kWarned:
      c.warned = number();
      break;
    default:
      break;
  }
}

bool is_one_of(Field field, std::initializer_list<Field> fields) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

}  // namespace

void Command::refuse(std::uint16_t with, std::string_view why) {
  status = with;
  comment = why.substr(0, kLongestComment);
  std::replace(comment.begin(), comment.end(), '\\', '/');
}

std::string encode(const Command& c) {
  const bool response = is_response(c.field);
  std::string body;
  if (!c.sop_class.empty()) put_text(body, kSopClass, c.sop_class.str(), '\0');
  put_number(body, kField, static_cast<std::uint16_t>(c.field));
  put_number(body, response || c.field == Field::cancel_request ? kRespondedTo : kMessage, c.message);
  if (!c.destination.empty()) put_text(body, kDestination, c.destination.str(), ' ');
  if (is_one_of(c.field, {Field::store_request, Field::find_request, Field::get_request, Field::move_request}))
    put_number(body, kPriority, 0);
  put_number(body, kDataSetType, c.data_set ? 0x0001 : kNoDataSet);
  if (response) put_number(body, kStatus, c.status);
  if (!c.comment.empty()) put_text(body, kComment, std::string_view(c.comment).substr(0, kLongestComment), ' ');
  if (!c.instance.empty()) put_text(body, kInstance, c.instance.str(), '\0');
  if (is_one_of(c.field, {Field::event_request, Field::event_response})) put_number(body, kEventType, c.type);
  if (c.field == Field::action_response) put_number(body, kActionType, c.type);
  if (is_one_of(c.field, {Field::get_response, Field::move_response})) {
    if (is_pending(c.status) || c.status == kCancelled) put_number(body, kRemaining, c.remaining);
    put_number(body, kCompleted, c.completed);
    put_number(body, kFailed, c.failed);
    put_number(body, kWarned, c.warned);
  }

  std::string whole;
  put_head(whole, kGroupLength, 4);
  put32(whole, static_cast<std::uint32_t>(body.size()));
  return whole + body;
}

Result<Command> decode(Bytes bytes) {
  Command c;
  bool has_field = false, has_message = false;
  while (!bytes.empty()) {
    if (bytes.size() < 8) return fail(Code::invalid, "the command ends in the middle of an element");
    const auto group = get(bytes, 2), element = get(bytes.subspan(2), 2), length = get(bytes.subspan(4), 4);
    bytes = bytes.subspan(8);
    if (group != 0) return fail(Code::invalid, "the command holds an element of group {:04X}", group);
    if (length > bytes.size()) return fail(Code::invalid, "element (0000,{:04X}) runs over the command's end", element);
    take(c, static_cast<std::uint16_t>(element), bytes.first(length), has_field, has_message);
    bytes = bytes.subspan(length);
  }
  if (!has_field || !has_message) return fail(Code::invalid, "the command has no Command Field or no Message ID");
  return c;
}

}  // namespace larmor::dimse
