#include "services/workflow/core/judge.h"

#include <set>

namespace larmor::workflow {
namespace {

constexpr std::size_t kLongestValue = 64, kLongestReason = 1500;

/// How a condition came out. `words`: when it holds, a phrase that fits after "has" (in a series) or a clause (in a
/// study); when it does not, a clause. `fact`: the plain state of things, for sentences that go on to what failed.
struct Finding {
  bool holds = false;
  std::string words;
  std::string fact;
  int met = 0;  ///< how many tests held: tells the series that came nearest
};

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // never within a letter of UTF-8
  return text.substr(0, end) + "...";
}

bool is_code(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
  });
}

std::string quoted(const std::string& text) {
  return is_code(text) ? text : fmt::format("'{}'", shortened(text, kLongestValue));
}

std::string shown(const Subject& subject, const Values& values) {
  if (values.empty()) return "absent";
  if (subject.withheld) return "(withheld)";
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(quoted(value));
  if (texts.size() > 5) texts.resize(5), texts.emplace_back("...");
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string wanted(const Subject& subject, const Test& test) {
  return subject.withheld ? "(withheld)" : plain(test) || !is_code(test.text) ? shortened(test.text, 200) : test.text;
}

bool is_count(const Subject& subject) {
  return subject.where == Subject::Where::instances || subject.where == Subject::Where::series;
}

std::string is(const Subject& subject, const Values& values) {
  if (is_count(subject)) return fmt::format("there are {} {}", values.at(0), subject.name);
  return fmt::format("{} is {}", subject.name, shown(subject, values));
}

/// "Modality MR", "SeriesDescription 'Sag MPRAGE' matching '*mprage*'", "176 instances (>= 20)".
std::string phrase(const Subject& subject, const Values& values, const Test& test, const std::string& alternative) {
  if (is_count(subject)) return fmt::format("{} {} ({})", values.at(0), subject.name, alternative);
  if (subject.withheld) return fmt::format("{} (withheld)", subject.name);
  if (plain(test)) return fmt::format("{} {}", subject.name, shown(subject, values));
  const bool number = alternative.find_first_of("<>=!") == 0 || alternative.find("..") != std::string::npos;
  return number ? fmt::format("{} {} ({})", subject.name, shown(subject, values), alternative)
                : fmt::format("{} {} matching '{}'", subject.name, shown(subject, values), alternative);
}

Finding tested(const Subject& subject, const Test& test, const Values& values) {
  for (const auto& value : values)
    if (const auto alternative = fulfils(test, value))
      return {true, phrase(subject, values, test, *alternative), is(subject, values), 1};
  return {false, fmt::format("{}, wanted {}", is(subject, values), wanted(subject, test)), is(subject, values), 0};
}

std::string listed(const std::vector<std::string>& words, std::string_view last = " and ") {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += i == 0 ? "" : i + 1 == words.size() ? last : ", ";
    text += words[i];
  }
  return text;
}

Finding none_of(const Finding& part, const Condition& inner) {
  if (part.holds) return {false, part.words + ", which is excluded", part.fact, 0};
  const auto without = inner.kind == Condition::Kind::test
                           ? fmt::format("{}, not {}", part.fact, wanted(inner.subject, inner.test))
                           : fmt::format("the excluded does not apply ({})", part.words);
  return {true, without, part.fact, 1};
}

/// Parts judged one after the other by `judge_part`, up to the first that fails.
template <class JudgePart>
Finding all_of(const std::vector<Condition>& parts, JudgePart&& judge_part, std::string_view last) {
  std::vector<std::string> words, facts;
  Finding sum{true};
  for (const auto& part : parts) {
    auto found = judge_part(part);
    sum.met += found.met;
    if (!found.holds) {
      facts.push_back(found.words);
      return {false, listed(facts, ", "), found.fact, sum.met};
    }
    words.push_back(found.words);
    facts.push_back(found.fact);
  }
  sum.words = listed(words, last);
  sum.fact = listed(facts, ", ");
  return sum;
}

template <class JudgePart>
Finding any_of(const std::vector<Condition>& parts, JudgePart&& judge_part) {
  std::vector<std::string> missed;
  Finding best;
  for (const auto& part : parts) {
    auto found = judge_part(part);
    if (found.holds) return found;
    missed.push_back(found.words);
    if (found.met >= best.met) best = std::move(found);
  }
  if (missed.size() > 1) best.words = fmt::format("none of these holds: {}", fmt::join(missed, "; "));
  return best;
}

Finding in_series(const Condition& condition, const SeriesFacts& series, const Facts& facts);

class StudyJudge {
 public:
  explicit StudyJudge(const Facts& facts) : facts_(facts) {}

  Finding operator()(const Condition& c) const {
    using Kind = Condition::Kind;
    switch (c.kind) {
      case Kind::all:
        return all_of(c.parts, *this, " and ");
      case Kind::any:
        return any_of(c.parts, *this);
      case Kind::none:
        return none_of((*this)(c.parts.at(0)), c.parts.at(0));
      case Kind::any_series:
        return any_series(c);
      case Kind::every_series:
        return every_series(c);
      case Kind::test:
        break;
    }
    return test(c);
  }

 private:
  Finding test(const Condition& c) const {
    std::int64_t instances = 0;
    for (const auto& series : facts_.series) instances += series.instances;
    switch (c.subject.where) {
      case Subject::Where::instances:
        return prefixed("the study has ", tested(c.subject, c.test, {std::to_string(instances)}));
      case Subject::Where::series:
        return prefixed("the study has ", tested(c.subject, c.test, {std::to_string(facts_.series.size())}));
      case Subject::Where::event:
        return prefixed("the event has ", tested(c.subject, c.test, event_values(c.subject.name)));
      case Subject::Where::attribute:
        break;
    }
    return attribute(c);
  }

  Finding attribute(const Condition& c) const {
    std::set<std::string> seen;
    Values values;
    std::vector<Finding> holding;
    const SeriesFacts* first = nullptr;
    for (const auto& series : facts_.series) {
      auto found = in_series(c, series, facts_);
      if (found.holds && holding.empty()) first = &series;
      if (found.holds) holding.push_back(std::move(found));
      if (const auto at = series.attributes.find(c.subject.name); at != series.attributes.end())
        for (const auto& value : at->second)
          if (seen.insert(value).second) values.push_back(value);
    }
    if (holding.empty()) return tested(c.subject, c.test, values);
    const bool everywhere = holding.size() == facts_.series.size();
    return prefixed(everywhere ? "the study has " : first->name + " has ", std::move(holding.front()));
  }

  Finding any_series(const Condition& c) const {
    if (facts_.series.empty()) return {false, "the study has no series", "the study has no series", 0};
    const SeriesFacts* nearest = nullptr;
    Finding best;
    for (const auto& series : facts_.series) {
      auto found = all_of(
          c.parts, [&](const Condition& part) { return in_series(part, series, facts_); }, " and ");
      if (found.holds) return prefixed(series.name + " has ", std::move(found));
      if (!nearest || found.met > best.met) best = std::move(found), nearest = &series;
    }
    best.words = facts_.series.size() == 1
                     ? fmt::format("{} ({})", best.words, nearest->name)
                     : fmt::format("no series fits; {} comes nearest: {}", nearest->name, best.words);
    return best;
  }

  Finding every_series(const Condition& c) const {
    if (facts_.series.empty()) return {false, "the study has no series", "the study has no series", 0};
    Finding last;
    for (const auto& series : facts_.series) {
      last = all_of(
          c.parts, [&](const Condition& part) { return in_series(part, series, facts_); }, " and ");
      if (!last.holds) return {false, fmt::format("{} ({})", last.words, series.name), last.fact, last.met};
    }
    return prefixed("every series has ", std::move(last));
  }

  static Finding prefixed(std::string_view prefix, Finding found) {
    if (found.holds) found.words = fmt::format("{}{}", prefix, found.words);
    return found;
  }

  Values event_values(const std::string& name) const {
    const auto at = facts_.event.find(name);
    if (at == facts_.event.end() || at->is_null()) return {};
    return {at->is_string() ? at->get<std::string>() : at->dump()};
  }

  const Facts& facts_;
};

Finding in_series(const Condition& c, const SeriesFacts& series, const Facts& facts) {
  const auto again = [&](const Condition& part) { return in_series(part, series, facts); };
  using Kind = Condition::Kind;
  switch (c.kind) {
    case Kind::all:
      return all_of(c.parts, again, " and ");
    case Kind::any:
      return any_of(c.parts, again);
    case Kind::none:
      return none_of(again(c.parts.at(0)), c.parts.at(0));
    case Kind::any_series:
    case Kind::every_series:
      return StudyJudge(facts)(c);
    case Kind::test:
      break;
  }
  if (c.subject.where == Subject::Where::instances)
    return tested(c.subject, c.test, {std::to_string(series.instances)});
  if (c.subject.where != Subject::Where::attribute) return StudyJudge(facts)(c);
  const auto at = series.attributes.find(c.subject.name);
  return tested(c.subject, c.test, at == series.attributes.end() ? Values{} : at->second);
}

void collect(const Condition& condition, std::vector<Subject>& into) {
  if (condition.kind == Condition::Kind::test && condition.subject.where == Subject::Where::attribute)
    into.push_back(condition.subject);
  for (const auto& part : condition.parts) collect(part, into);
}

}  // namespace

Judgement judge(const Condition& condition, const Facts& facts) {
  auto found = StudyJudge(facts)(condition);
  if (found.words.empty()) found.words = "it has no conditions";
  return {found.holds, shortened(std::move(found.words), kLongestReason)};
}

std::vector<Subject> attributes_of(const Condition& condition) {
  std::vector<Subject> subjects;
  collect(condition, subjects);
  return subjects;
}

}  // namespace larmor::workflow
