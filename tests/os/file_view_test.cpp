// Proves that a view is the file, byte for byte, for as many threads and views as there are, that
// pages can be brought in and taken out anywhere in it, and that too many views are an error.
#include "os/memory.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/view_fixture.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::random_bytes;
using test::TempFile;

bool holds(const FileView& view, const std::vector<std::byte>& content) {
  return view.size() == content.size() && std::equal(content.begin(), content.end(), view.data());
}

TEST_CASE("a view is the file, whatever its length") {
  for (const std::size_t bytes : {std::size_t{1}, page_bytes() - 1, page_bytes(), page_bytes() + 1,
                                  std::size_t{kMiB + 12'345}}) {
    CAPTURE(bytes);
    const std::vector<std::byte> content = random_bytes(bytes, bytes);
    const TempFile file(content);
    const FileView view = must_map(file.path());
    CHECK(holds(view, content));
    CHECK_FALSE(view.lost_from().has_value());
  }
}

TEST_CASE("the view of an empty file is empty, and so is one that was not made") {
  const TempFile file(std::vector<std::byte>{});
  for (const FileView& view : {must_map(file.path()), FileView()}) {
    CHECK(view.data() == nullptr);
    CHECK(view.size() == 0);
    CHECK(view.populate(0, 0) == 0);
    CHECK_FALSE(view.lost_from().has_value());
  }
}

TEST_CASE("pages are brought in at any offset, and taken out again without harm") {
  const std::vector<std::byte> content = random_bytes(3 * kMiB + 17, 5);
  const TempFile file(content);
  const FileView view = must_map(file.path());
  for (const std::uint64_t offset : {0u, 1u, 4095u, 4096u, 1'000'000u, 3u * 1024 * 1024}) {
    for (const std::uint64_t bytes : {0u, 1u, 17u}) CHECK(view.populate(offset, bytes) == 0);
    CHECK(view.populate(offset, view.size() - offset) == 0);
  }
  CHECK(view.populate(view.size(), 0) == 0);
  view.release(0, 2 * kMiB);
  CHECK(holds(view, content));
  view.release(0, view.size());
  CHECK(view.populate(0, view.size()) == 0);
  CHECK(holds(view, content));
}

TEST_CASE("a view keeps its size when the file grows") {
  const std::vector<std::byte> content = random_bytes(10'000, 6);
  const TempFile file(content);
  const FileView view = must_map(file.path());
  file.write(content.size(), random_bytes(50'000, 7));
  CHECK(view.populate(0, view.size()) == 0);
  CHECK(holds(view, content));
}

TEST_CASE("moving a view hands it on") {
  const std::vector<std::byte> content = random_bytes(5'000, 8);
  const TempFile file(content);
  FileView first = must_map(file.path());
  FileView second = std::move(first);
  CHECK(first.data() == nullptr);  // NOLINT: what is left is what is proved
  CHECK(holds(second, content));
  FileView third = must_map(file.path());
  third = std::move(second);
  CHECK(holds(third, content));
}

TEST_CASE("several threads read several views at once") {
  const std::vector<std::byte> contents[] = {random_bytes(2 * kMiB, 9), random_bytes(kMiB, 10)};
  const TempFile one(contents[0]);
  const TempFile two(contents[1]);
  const FileView views[] = {must_map(one.path()), must_map(two.path())};
  bool right[4] = {};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const FileView& view = views[i % 2];
      right[i] = view.populate(0, view.size()) == 0 && holds(view, contents[i % 2]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const bool each : right) CHECK(each);
}

TEST_CASE("too many views are an error, and one less is none") {
  const TempFile file(random_bytes(100, 11));
  Result<File> opened = File::open(file.path(), {});
  REQUIRE(opened);
  std::vector<FileView> views;
  Result<FileView> view = FileView::map(*opened);
  while (view && views.size() < 10'000) {
    views.push_back(view.take());
    view = FileView::map(*opened);
  }
  REQUIRE_FALSE(view);
  CHECK(views.size() >= 64);
  CHECK(view.error().path == file.path());
  CHECK_FALSE(view.error().hint.empty());
  views.pop_back();
  CHECK(FileView::map(*opened));
}

TEST_CASE("what cannot be mapped is an error with the path") {
  const TempFile file(random_bytes(100, 12));
  Result<File> opened = File::open(file.path(), {.access = Access::write});
  REQUIRE(opened);
  const Result<FileView> view = FileView::map(*opened);
  REQUIRE_FALSE(view);
  CHECK(view.error().operation == "map");
  CHECK(view.error().path == file.path());
  CHECK(view.error().code != 0);
}

}  // namespace
}  // namespace aiobench::os
