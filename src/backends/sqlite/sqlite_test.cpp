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

TEST(Database, TakesUpAStatementAgainWithoutItsValues) {
  auto db = memory();
  const auto insert = "INSERT INTO t (name) VALUES (?1)";
  ASSERT_TRUE(db.prepare(insert)->bind("a").run());
  ASSERT_TRUE(db.prepare(insert)->run());
  auto select = db.prepare("SELECT count(*), count(name) FROM t");
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->integer(0), 2);
  EXPECT_EQ(select->integer(1), 1);
}

TEST(Database, GivesTwoWhoAskTheSameTwoStatements) {
  auto db = memory();
  for (const auto* name : {"a", "b"}) ASSERT_TRUE(db.prepare("INSERT INTO t (name) VALUES (?1)")->bind(name).run());
  for (int again = 0; again < 2; ++again) {
    auto one = db.prepare("SELECT name FROM t ORDER BY id"), other = db.prepare("SELECT name FROM t ORDER BY id");
    ASSERT_TRUE(one->step().value());
    ASSERT_TRUE(other->step().value());
    ASSERT_TRUE(one->step().value());
    EXPECT_EQ(one->text(0), "b");
    EXPECT_EQ(other->text(0), "a");
  }
}

TEST(Database, SeesAChangedTableThroughAStatementTakenUpAgain) {
  auto db = memory();
  ASSERT_TRUE(db.prepare("SELECT * FROM t")->run());
  ASSERT_TRUE(db.execute("ALTER TABLE t ADD COLUMN age INTEGER; INSERT INTO t (name, age) VALUES ('a', 7)"));
  auto select = db.prepare("SELECT * FROM t");
  ASSERT_TRUE(select->step().value());
  EXPECT_EQ(select->integer(2), 7);
}

}  // namespace
}  // namespace larmor::sqlite
