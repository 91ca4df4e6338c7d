// Proves that memory for buffers is page-aligned, zeroed, of the requested size, writable to the
// last byte, and transferred by a move.
#include "os/memory.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "base/units.h"

namespace aiobench::os {
namespace {

PageMemory must_allocate(std::size_t bytes) {
  Result<PageMemory> memory = PageMemory::allocate(bytes);
  REQUIRE_MESSAGE(memory, memory.error().line());
  return memory.take();
}

TEST_CASE("the page size is a power of two, at least 4 KiB") {
  CHECK(std::has_single_bit(page_bytes()));
  CHECK(page_bytes() >= 4096);
}

TEST_CASE("PageMemory is aligned to a page, whole pages long and zero") {
  for (const std::size_t bytes :
       {std::size_t{1}, std::size_t{512}, page_bytes() - 1, page_bytes(), page_bytes() + 1,
        std::size_t{1'000'000}, std::size_t{4 * kMiB}, std::size_t{5 * kMiB + 1}}) {
    CAPTURE(bytes);
    const PageMemory memory = must_allocate(bytes);
    REQUIRE(memory.data() != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(memory.data()) % page_bytes() == 0);
    CHECK(memory.size() == align_up(bytes, page_bytes()));
    CHECK(memory.span().data() == memory.data());
    CHECK(memory.span().size() == memory.size());
    CHECK(std::all_of(memory.span().begin(), memory.span().end(),
                      [](std::byte byte) { return byte == std::byte{0}; }));
    std::fill(memory.span().begin(), memory.span().end(), std::byte{0xa5});
    CHECK(memory.data()[memory.size() - 1] == std::byte{0xa5});
  }
}

TEST_CASE("memory that was freed is zeroed when it is allocated again") {
  for (int i = 0; i < 20; ++i) {
    const PageMemory memory = must_allocate(kMiB);
    REQUIRE(std::all_of(memory.span().begin(), memory.span().end(),
                        [](std::byte byte) { return byte == std::byte{0}; }));
    std::fill(memory.span().begin(), memory.span().end(), std::byte{0xff});
  }
}

TEST_CASE("a move of PageMemory transfers the pages") {
  PageMemory first = must_allocate(page_bytes());
  std::byte* const data = first.data();
  data[0] = std::byte{1};
  PageMemory second = std::move(first);
  CHECK(first.data() == nullptr);  // NOLINT: the moved-from state is tested
  CHECK(first.size() == 0);
  CHECK(second.data() == data);
  CHECK(second.size() == page_bytes());

  PageMemory third = must_allocate(3 * page_bytes());
  third = std::move(second);
  CHECK(third.data() == data);
  CHECK(third.size() == page_bytes());
  CHECK(third.data()[0] == std::byte{1});
  CHECK(second.data() != data);  // NOLINT: as above

  const PageMemory none;
  CHECK(none.data() == nullptr);
  CHECK(none.span().empty());
}

TEST_CASE("more memory than a computer can have is an error with a hint") {
  // 128 PiB: more than a process can address on any of today's processors.
  const Result<PageMemory> memory = PageMemory::allocate(std::size_t{1} << 57);
  REQUIRE_FALSE(memory);
  CHECK(memory.error().kind == Error::Kind::system);
  CHECK(memory.error().code != 0);
  CHECK(memory.error().line().find("for buffers") != std::string::npos);
  CHECK(memory.error().hint.find("--depth") != std::string::npos);
}

}  // namespace
}  // namespace aiobench::os
