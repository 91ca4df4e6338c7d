// Hashes a file with an engine of aiobench: hash_file FILE [ENGINE]
#include <aiobench/aiobench.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: hash_file FILE [ENGINE]\n");
    return 2;
  }
  aiobench::HashSettings settings;
  if (argc > 2) settings.engine = argv[2];
  const aiobench::Result<aiobench::HashFigures> result = aiobench::hash_file(argv[1], settings);
  if (!result) {
    std::fprintf(stderr, "hash_file: %s\n", result.error().line().c_str());
    return result.error().kind == aiobench::Error::Kind::usage ? 2 : 3;
  }
  std::printf("%s  %s\n", result->digest.c_str(), argv[1]);
  std::printf("%.2f GiB/s over %s, 99 %% of requests within %.1f us\n", result->gib_per_second(),
              result->engine.c_str(), static_cast<double>(result->latency_p99_ns) / 1000);
  return 0;
}
