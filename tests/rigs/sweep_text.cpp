// Prints the tables and recommendations of a stored sweep as `aiobench sweep` prints them at its
// end, without measuring. The texts in results/ are made with it. The file may be compressed.
//
// usage: sweep_text RESULT
#include <cstdio>

#include "result/json_reader.h"
#include "sweep/ranking.h"

int main(int argc, char** argv) {
  using namespace aiobench;
  if (argc != 2) {
    std::fputs("usage: sweep_text RESULT\n", stderr);
    return 2;
  }
  const Result<result::Results> sweep = result::read_result_file(argv[1]);
  if (!sweep) {
    std::fprintf(stderr, "sweep_text: %s\n", sweep.error().line().c_str());
    return 2;
  }
  std::fputs(sweep::text_of(*sweep).c_str(), stdout);
  return 0;
}
