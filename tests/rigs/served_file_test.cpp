// Proves that the rig serves the bytes of its source, with each fault at the requested offset.
#include "served_file.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "support/temp_file.h"

namespace slowfs {
namespace {

using aiobench::test::TempFile;

std::vector<std::byte> content() {
  return aiobench::test::random_bytes(10'000, 7);
}

bool same(const Answer& answer, const std::vector<std::byte>& bytes, std::size_t offset) {
  return answer.code == 0 && offset + answer.bytes <= bytes.size() &&
         std::memcmp(answer.data, bytes.data() + offset, answer.bytes) == 0;
}

}  // namespace

TEST_CASE("without faults it is the source, up to its end") {
  const TempFile source(content());
  ServedFile file(source.path(), {});
  CHECK(file.bytes() == 10'000);
  const Answer middle = file.read(4096, 4096);
  CHECK(middle.bytes == 4096);
  CHECK(same(middle, content(), 4096));
  CHECK(file.read(9'000, 4096).bytes == 1'000);
  CHECK(file.read(10'000, 4096).bytes == 0);
  CHECK(file.read(1'000'000, 4096).bytes == 0);
}

TEST_CASE("an error meets the reads that touch its byte, and no others") {
  const TempFile source(content());
  Faults faults;
  faults.errors = {{5'000, EIO}};
  ServedFile file(source.path(), faults);
  CHECK(file.read(4'999, 1).code == 0);
  CHECK(file.read(5'000, 1).code == EIO);
  CHECK(file.read(4'096, 4'096).code == EIO);
  CHECK(file.read(5'001, 1).code == 0);
}

TEST_CASE("a short read returns at most the requested bytes") {
  const TempFile source(content());
  Faults faults;
  faults.max_bytes = 512;
  ServedFile file(source.path(), faults);
  const Answer part = file.read(100, 4'096);
  CHECK(part.bytes == 512);
  CHECK(same(part, content(), 100));
}

TEST_CASE("after so many reads the file has another size") {
  const TempFile source(content());
  Faults faults;
  SUBCASE("smaller") {
    faults.resize = Resize{2, 4'096};
    ServedFile file(source.path(), faults);
    CHECK(file.read(8'192, 512).bytes == 512);
    CHECK(file.bytes() == 10'000);
    CHECK(file.read(8'192, 512).bytes == 0);
    CHECK(file.bytes() == 4'096);
  }
  SUBCASE("larger, by zeros") {
    faults.resize = Resize{1, 50'000};
    ServedFile file(source.path(), faults);
    CHECK(file.read(9'000, 4'096).bytes == 4'096);
    const Answer grown = file.read(20'000, 100);
    CHECK(grown.bytes == 100);
    CHECK(grown.data[99] == 0);
  }
}

TEST_CASE("a source that is not there is told") {
  CHECK_THROWS_AS(ServedFile("/nonexistent/source", {}), std::system_error);
}

}  // namespace slowfs
