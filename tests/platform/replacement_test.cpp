// Proves that a Replacement shows its new version only by commit(), that its temporary file is gone
// whatever else happens, and that one which was moved from or released keeps to that.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/folder.h"
#include "platform/temp_folder.h"
#include "platform/whole_file.h"

namespace aiobench::platform {
namespace {

using test::content_of;
using test::put_file;
using test::TempFolder;
using Names = std::vector<std::string>;

Replacement must_begin(const std::string& path) {
  Result<Replacement> next = Replacement::begin(path);
  REQUIRE_MESSAGE(next, next.error().line());
  return next.take();
}

void write_text(const File& file, const std::string& text) {
  const Transferred put = file.write_at(reinterpret_cast<const std::byte*>(text.data()),
                                        static_cast<std::uint32_t>(text.size()), 0);
  REQUIRE(put.error == 0);
  REQUIRE(put.bytes == text.size());
}

// As an engine does that opens the temporary file its own way.
void write_again(const std::string& path, const std::string& text) {
  const Result<File> file = File::open(path, {.access = Access::write});
  REQUIRE_MESSAGE(file, file.error().line());
  write_text(*file, text);
}

TEST_CASE("Replacement: the temporary file lies beside, until commit puts it in place") {
  const TempFolder folder;
  put_file(folder.file("f"), "old");
  for (const bool durable : {false, true}) {
    Replacement next = must_begin(folder.file("f"));
    CHECK(next.temporary() == folder.file("f.aiobench-part"));
    CHECK(exists(next.temporary()));
    const std::string text = durable ? "durable" : "new";
    write_text(next.file(), text);
    CHECK(next.file().flush());
    CHECK(content_of(folder.file("f")) != text);
    const Status committed = next.commit(durable);
    REQUIRE_MESSAGE(committed, committed.error().line());
    CHECK(content_of(folder.file("f")) == text);
    CHECK(folder.names() == Names{"f"});
  }
}

TEST_CASE("Replacement: released, it may be opened another way and is committed all the same") {
  const TempFolder folder;
  put_file(folder.file("f"), "old");
  Replacement next = must_begin(folder.file("f"));
  REQUIRE(next.release());
  CHECK_FALSE(next.file().is_open());
  CHECK(next.release());
  write_again(next.temporary(), "new");
  CHECK(content_of(folder.file("f")) == "old");
  REQUIRE(next.commit(true));
  CHECK(content_of(folder.file("f")) == "new");
  CHECK(folder.names() == Names{"f"});
}

TEST_CASE("Replacement: without commit the temporary file is removed, released or not") {
  const TempFolder folder;
  put_file(folder.file("f"), "old");
  for (const bool released : {false, true}) {
    CAPTURE(released);
    {
      Replacement next = must_begin(folder.file("f"));
      if (released) REQUIRE(next.release());
      write_again(next.temporary(), "half");
    }
    CHECK(folder.names() == Names{"f"});
    CHECK(content_of(folder.file("f")) == "old");
  }
}

TEST_CASE("Replacement: one that was moved from removes nothing") {
  const TempFolder folder;
  for (const bool released : {false, true}) {
    CAPTURE(released);
    std::optional<Replacement> first = must_begin(folder.file("f"));
    if (released) REQUIRE(first->release());
    Replacement second = std::move(*first);
    first.reset();
    CHECK(exists(second.temporary()));
    REQUIRE(second.commit());
    CHECK(folder.names() == Names{"f"});
  }
}

TEST_CASE("Replacement: what was committed is not removed, nor is a later file of that name") {
  const TempFolder folder;
  {
    Replacement next = must_begin(folder.file("f"));
    REQUIRE(next.commit());
    put_file(next.temporary(), "somebody else's");
  }
  CHECK(folder.names() == Names{"f", "f.aiobench-part"});
}

TEST_CASE("Replacement: a commit that fails leaves nothing but the old version") {
  const TempFolder folder;
  Replacement next = must_begin(folder.file("f"));
  REQUIRE(next.release());
  REQUIRE(make_folders(join_path(folder.file("f"), "inner")));
  const Status committed = next.commit(true);
  REQUIRE_FALSE(committed);
  CHECK(committed.error().path == folder.file("f"));
  CHECK(folder.names() == Names{"f"});
}

TEST_CASE("flush_folder_of takes a file in any folder, also the current one") {
  const TempFolder folder;
  put_file(folder.file("f"), "text");
  CHECK(flush_folder_of(folder.file("f")));
  CHECK(flush_folder_of("a name without a folder"));
}

}  // namespace
}  // namespace aiobench::platform
