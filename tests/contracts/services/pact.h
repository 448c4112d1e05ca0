#pragma once
/// Consumer-driven contracts between services: what each relies on of another is a row, kept with a stand-in that plays
/// the provider while the consumer's own remote makes the call. The rows of a pair are its pact,
/// tests/contracts/pacts/CONSUMER-PROVIDER.json, and tests/contracts/provider.test.mjs holds the real provider to it.
///
/// A row asks for what the consumer's code reads, and no more. The stand-in is pact's own library, which comes with the
/// web application's npm packages; where it is absent these tests are skipped.
#include <gmock/gmock.h>

#include <functional>
#include <map>

#include "net/client.h"
#include "words.h"

namespace larmor::pact {

struct Ask {
  std::string method = "GET";
  Json path;
  std::multimap<std::string, Json> query = {};
  Json body = {};          ///< null: none
  std::string bytes = {};  ///< instead of a body
  std::map<std::string, std::string> headers = {};
};

struct Answer {
  int status = 200;
  Json body = {};
  std::string bytes = {};
  std::string type = "application/json";
};

inline Answer problem(int status, std::string title) {
  return {status, {{"title", std::move(title)}, {"detail", like("what was tried")}}, {}, "application/problem+json"};
}

template <class Contract>
struct Row {
  std::vector<std::string> consumers;
  std::string what;
  std::string state;  ///< of the provider, see tests/contracts/states.mjs; empty: any
  Ask ask;
  Answer answer;
  std::function<void(Contract&)> call;
};

/// The provider's part in one pact.
class StandIn {
 public:
  StandIn(const std::string& consumer, const std::string& provider);
  ~StandIn();
  StandIn(const StandIn&) = delete;
  void expect(const std::string& what, const std::string& state, const Ask&, const Answer&);
  std::shared_ptr<net::Client> open();
  /// What was asked in another way than expected, or not at all; empty when all was.
  std::string complaints() const;
  void write() const;

 private:
  std::uint16_t pact_;
  std::int32_t port_ = 0;
};

/// Why there is no stand-in; empty when there is one.
std::string missing();

template <class Contract>
std::vector<std::string> consumers_of(const std::vector<Row<Contract>>& rows) {
  std::set<std::string> all;
  for (const auto& row : rows) all.insert(row.consumers.begin(), row.consumers.end());
  return {all.begin(), all.end()};
}

template <class Contract>
void keep(const std::string& consumer, const std::string& provider, const std::vector<Row<Contract>>& rows,
          std::unique_ptr<Contract> (*connect)(std::shared_ptr<net::Client>)) {
  if (const auto why = missing(); !why.empty()) GTEST_SKIP() << why;
  StandIn stand_in(consumer, provider);
  std::vector<const Row<Contract>*> own;
  for (const auto& row : rows)
    if (std::ranges::find(row.consumers, consumer) != row.consumers.end()) own.push_back(&row);
  for (const auto* row : own) stand_in.expect(row->what, row->state, row->ask, row->answer);
  const auto remote = connect(stand_in.open());
  for (const auto* row : own) {
    SCOPED_TRACE(row->what);
    row->call(*remote);
  }
  EXPECT_EQ(stand_in.complaints(), "");
  if (!::testing::Test::HasFailure()) stand_in.write();
}

/// The value of a call that went well; a failure that says why otherwise.
template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline std::string name_of(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace larmor::pact
