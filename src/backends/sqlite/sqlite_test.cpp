#include "backends/sqlite/sqlite.h"

#include <gtest/gtest.h>

namespace larmor::sqlite {
namespace {

Database memory() {
  auto database = Database::open(":memory:", Durability::full);
  EXPECT_TRUE(database);
  EXPECT_TRUE(database->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"));
  return std::move(*database);
}

TEST(Database, KeepsTextWithZeroBytesAndForeignLetters) {
  auto db = memory();
  const std::string odd("山\0x", 5);
  ASSERT_TRUE(db.prepare("INSERT INTO t (name) VALUES (?1)")->bind(odd).run());
  auto select = db.prepare("SELECT name FROM t");
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->text(0), odd);
}

TEST(Database, LeavesNothingOfATransactionThatFails) {
  auto db = memory();
  const auto outcome = db.transaction([&]() -> Result<void> {
    CHECK_OK(db.prepare("INSERT INTO t (name) VALUES (?1)")->bind("a").run());
    return db.prepare("INSERT INTO t (name) VALUES (?1)")->bind("a").run();
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::conflict);
  auto count = db.prepare("SELECT count(*) FROM t");
  ASSERT_TRUE(count->step().value());
  EXPECT_EQ(count->integer(0), 0);
}

}  // namespace
}  // namespace larmor::sqlite
