#include "services/workflow/adapters/rules_file.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "base/file.h"
#include "base/text.h"
#include "dicom/data/dictionary.h"
#include "services/workflow/core/actions.h"
#include "services/workflow/core/privacy.h"
#include "services/workflow/core/triggers.h"

namespace larmor::workflow {
namespace {

constexpr std::size_t kLargestFile = 1 << 20, kMostRules = 1000;
constexpr int kDeepest = 20;

const std::vector<std::string> kRuleKeys = {"name", "about", "when", "if", "do"};
const std::vector<std::string> kStudyKeys = {"all", "any", "not", "any_series", "every_series", "instances", "series"};
const std::vector<std::string> kSeriesKeys = {"all", "any", "not", "instances"};
constexpr std::string_view kEvent = "event.";

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

/// One pass over a file; keeps what it finds wrong and goes on with the next rule.
class Reader {
 public:
  Reader(std::string name, const Known& known) : name_(std::move(name)), known_(known) {}

  LoadedRules read(const std::string& text) {
    try {
      const auto top = YAML::Load(text);
      if (top.IsMap() && top["rules"]) {
        read_rules(top["rules"]);
      } else if (!top.IsNull()) {
        complain(top, "there is no key 'rules' at the top of the file", "It begins with 'rules:' and a list below.");
      }
    } catch (const YAML::Exception& e) {
      loaded_.errors.push_back(
          error(e.mark, e.msg,
                "YAML wants the same indentation in a list, and quotes around a text that begins with * or >."));
    }
    return std::move(loaded_);
  }

 private:
  Error error(const YAML::Mark& mark, std::string what, std::string hint) const {
    return {Code::invalid, fmt::format("{}:{}: {}", name_, mark.line + 1, what), std::move(hint), "/rules"};
  }
  void complain(const YAML::Node& at, std::string what, std::string hint) {
    loaded_.errors.push_back(error(at.Mark(), std::move(what), std::move(hint)));
  }

  Failure wrong(const YAML::Node& at, std::string what, std::string hint = {}) {
    return Failure(error(at.Mark(), std::move(what), std::move(hint)));
  }

  Failure unknown(const YAML::Node& at, std::string_view kind, const std::string& word,
                  const std::vector<std::string>& all) {
    const auto near = nearest(word, all);
    return wrong(at, fmt::format("there is no {} '{}'", kind, word),
                 near               ? fmt::format("Did you mean '{}'?", *near)
                 : all.empty()      ? fmt::format("No {} is configured.", kind)
                 : all.size() <= 12 ? fmt::format("There are {}.", fmt::join(all, ", "))
                                    : "");
  }

  Result<std::string> word(const YAML::Node& node, std::string_view what) {
    if (!node.IsScalar()) return wrong(node, fmt::format("{} must be one value, not a list or a mapping", what));
    return node.as<std::string>();
  }

  /// The keys of a mapping, each once.
  Result<std::vector<std::pair<std::string, YAML::Node>>> entries(const YAML::Node& node, std::string_view what) {
    if (!node.IsMap() || node.size() == 0)
      return wrong(node, fmt::format("{} must be a mapping of names to values", what));
    std::vector<std::pair<std::string, YAML::Node>> all;
    std::set<std::string> seen;
    for (const auto& entry : node) {
      auto key = TRY(word(entry.first, "a key"));
      if (!seen.insert(key).second)
        return wrong(entry.first, fmt::format("'{}' is given twice", key),
                     "Give the second one its own place below 'all'.");
      all.emplace_back(std::move(key), entry.second);
    }
    return all;
  }

  void read_rules(const YAML::Node& list) {
    if (list.IsNull()) return;
    if (!list.IsSequence()) return complain(list, "'rules' must be a list", "Each rule begins with '- name: ...'.");
    if (list.size() > kMostRules)
      return complain(list, fmt::format("there are {} rules, more than {}", list.size(), kMostRules), "");
    for (const auto& node : list) {
      if (auto read = read_rule(node); !read) loaded_.errors.push_back(std::move(read).error());
    }
  }

  Result<void> read_rule(const YAML::Node& node) {
    Rule rule;
    rule.line = node.Mark().line + 1;
    rule.text = YAML::Dump(node);
    const auto all = TRY(entries(node, "a rule"));
    for (const auto& [key, value] : all)
      if (!has(kRuleKeys, key)) return unknown(node[key], "key in a rule called", key, kRuleKeys);
    for (const auto* needed : {"name", "when", "do"})
      if (!node[needed]) return wrong(node, fmt::format("the rule has no '{}'", needed));
    rule.name = TRY(word(node["name"], "a name"));
    if (rule.name.empty() || rule.name.size() > 100 || rule.name.find('/') != std::string::npos)
      return wrong(node["name"], fmt::format("'{}' is no name for a rule", rule.name), "1 to 100 letters without '/'.");
    if (!names_.insert(rule.name).second)
      return wrong(node["name"], fmt::format("there is already a rule '{}'", rule.name),
                   "Names tell rules apart in the log.");
    const auto when = TRY(word(node["when"], "a trigger"));
    rule.trigger = find_trigger(when);
    if (!rule.trigger) return unknown(node["when"], "trigger", when, trigger_types());
    trigger_ = rule.trigger;
    if (node["if"]) rule.condition = TRY(condition(node["if"], false, 0));
    CHECK_OK(read_actions(node["do"], rule));
    loaded_.rules.push_back(std::move(rule));
    return {};
  }

  Result<Condition> condition(const YAML::Node& node, bool in_series, int depth) {
    if (depth > kDeepest) return wrong(node, fmt::format("conditions are nested more than {} deep", kDeepest));
    Condition sum;
    if (node.IsSequence()) {  // a list stands for 'all'
      for (const auto& part : node) sum.parts.push_back(TRY(condition(part, in_series, depth + 1)));
      return sum;
    }
    for (const auto& [key, value] : TRY(entries(node, "a condition")))
      sum.parts.push_back(TRY(part(key, value, in_series, depth + 1)));
    return sum.parts.size() == 1 ? std::move(sum.parts.front()) : sum;
  }

  Result<Condition> part(const std::string& key, const YAML::Node& value, bool in_series, int depth) {
    using Kind = Condition::Kind;
    Condition c;
    if (key == "all" || key == "any") {
      if (!value.IsSequence() || value.size() == 0)
        return wrong(value, fmt::format("'{}' wants a list of conditions", key));
      c.kind = key == "all" ? Kind::all : Kind::any;
      for (const auto& inner : value) c.parts.push_back(TRY(condition(inner, in_series, depth)));
    } else if (key == "not") {
      c.kind = Kind::none;
      c.parts.push_back(TRY(condition(value, in_series, depth)));
    } else if (!in_series && (key == "any_series" || key == "every_series")) {
      c.kind = key == "any_series" ? Kind::any_series : Kind::every_series;
      c.parts.push_back(TRY(condition(value, true, depth)));
      if (c.parts[0].kind == Kind::all) c.parts = std::move(Condition(std::move(c.parts[0])).parts);
    } else {
      c.kind = Kind::test;
      c.subject = TRY(subject(key, value, in_series));
      c.test = TRY(test(value));
    }
    return c;
  }

  Result<Subject> subject(const std::string& key, const YAML::Node& at, bool in_series) {
    using Where = Subject::Where;
    if (key == "instances") return Subject{Where::instances, key};
    if (key == "series" && !in_series) return Subject{Where::series, key};
    if (key.starts_with(kEvent)) {
      const auto field = key.substr(kEvent.size());
      const std::vector<std::string> fields(trigger_->fields.begin(), trigger_->fields.end());
      if (!has(fields, field)) return unknown(at, fmt::format("field of {} called", trigger_->type), field, fields);
      return Subject{Where::event, field};
    }
    if (const auto keyword = dicom::find_keyword(key)) {
      if (keyword->vr == "SQ") return wrong(at, fmt::format("{} is a sequence and has no value to compare", key));
      return Subject{Where::attribute, key, keyword->tag, withheld(keyword->tag, keyword->vr)};
    }
    auto all = in_series ? kSeriesKeys : kStudyKeys;
    const auto keywords = dicom::all_keywords();
    all.insert(all.end(), keywords.begin(), keywords.end());
    return unknown(at, "condition or DICOM attribute called", key, all);
  }

  Result<Test> test(const YAML::Node& node) {
    std::string text;
    if (node.IsSequence()) {
      for (const auto& item : node) text += (text.empty() ? "" : "|") + TRY(word(item, "a value"));
    } else {
      text = TRY(word(node, "a value"));
    }
    auto parsed = parse_test(text);
    if (!parsed) return wrong(node, parsed.error().what, parsed.error().hint);
    return std::move(*parsed);
  }

  Result<void> read_actions(const YAML::Node& list, Rule& rule) {
    if (!list.IsSequence() || list.size() == 0)
      return wrong(list, "'do' wants a list of actions", "For example '- analyse: brain'.");
    if (list.size() > 100) return wrong(list, "a rule may have 100 actions");
    for (const auto& node : list) rule.actions.push_back(TRY(action(node)));
    return {};
  }

  Result<Action> action(const YAML::Node& node) {
    Action action;
    const auto all = TRY(entries(node, "an action"));
    for (const auto& [key, value] : all)
      if (const auto* row = find_action(key)) {
        if (action.row) return wrong(node, "one action does two things", "Give each its own '-'.");
        action.row = row;
        action.target = TRY(word(value, fmt::format("the target of '{}'", key)));
      }
    if (!action.row) {
      std::vector<std::string> names;
      for (const auto& row : actions()) names.emplace_back(row.name);
      return unknown(node, "action called", all.front().first, names);
    }
    CHECK_OK(check_target(node[std::string(action.row->name)], action));
    for (const auto& [key, value] : all)
      if (key != action.row->name) CHECK_OK(option(key, value, action));
    return action;
  }

  Result<void> check_target(const YAML::Node& at, const Action& action) {
    if (action.row->arrivals_only && !trigger_->arrival)
      return wrong(at, fmt::format("'{}' cannot follow {}", action.row->name, trigger_->type),
                   "Analyses start when images came: when: study.complete.");
    if (action.row->target == ActionRow::Target::destination) return check_destination(at, action.target);
    if (!has(known_.pipelines, action.target)) return unknown(at, "pipeline", action.target, known_.pipelines);
    return {};
  }

  Result<void> check_destination(const YAML::Node& at, const std::string& name) {
    if (!has(known_.destinations, name)) return unknown(at, "destination", name, known_.destinations);
    return {};
  }

  Result<void> option(const std::string& key, const YAML::Node& value, Action& action) {
    std::vector<std::string> names;
    for (const auto& row : action.row->options) {
      names.emplace_back(row.name);
      if (row.name != key) continue;
      return row.destinations ? destinations(value, action.*row.destinations) : priority(value, action);
    }
    return unknown(value, fmt::format("option of '{}' called", action.row->name), key, names);
  }

  Result<void> priority(const YAML::Node& node, Action& action) {
    const auto text = TRY(word(node, "a priority"));
    std::vector<std::string> names;
    for (const auto p : {dispatch::Priority::low, dispatch::Priority::routine, dispatch::Priority::urgent}) {
      names.emplace_back(name(p));
      if (names.back() == text) {
        action.priority = p;
        return {};
      }
    }
    return unknown(node, "priority", text, names);
  }

  Result<void> destinations(const YAML::Node& node, std::vector<std::string>& names) {
    const auto add = [&](const YAML::Node& item) -> Result<void> {
      const auto name = TRY(word(item, "a destination"));
      CHECK_OK(check_destination(item, name));
      if (!has(names, name)) names.push_back(name);
      return {};
    };
    if (!node.IsSequence()) return add(node);
    for (const auto& item : node) CHECK_OK(add(item));
    return {};
  }

  const std::string name_;
  const Known& known_;
  const TriggerRow* trigger_ = nullptr;  ///< of the rule that is being read
  std::set<std::string> names_;
  LoadedRules loaded_;
};

}  // namespace

LoadedRules parse_rules(const std::string& text, const std::string& name, const Known& known) {
  return Reader(name, known).read(text);
}

Result<std::vector<Rule>> load_rules(const std::filesystem::path& path, const Known& known) {
  if (path.empty()) return std::vector<Rule>{};
  const auto text = read_file(path, kLargestFile);
  if (!text)
    return fail_with(
        {text.error().code, "the rules cannot be read: " + text.error().what, "See the setting workflow.rules.", ""});
  auto loaded = parse_rules(*text, path.filename().string(), known);
  if (loaded.errors.empty()) return std::move(loaded.rules);
  auto error = loaded.errors.front();
  if (loaded.errors.size() > 1) error.what += fmt::format(" (and {} more errors)", loaded.errors.size() - 1);
  return fail_with(std::move(error));
}

}  // namespace larmor::workflow
