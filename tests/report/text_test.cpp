// Proves that a text result is complete, exactly for one small result, and that no name or message
// can break its lines.
#include "report/text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "base/units.h"
#include "result/sample_result.h"
#include "support/text.h"

namespace aiobench::report {
namespace {

// Joins the lines of each row.
std::string unwrapped(std::string text) {
  const std::string wrap = "\n             ";
  for (std::size_t at = 0; (at = text.find(wrap, at)) != std::string::npos;) {
    text.replace(at, wrap.size(), " ");
  }
  return text;
}

bool says(const std::string& text, const std::string& part) {
  return test::has(unwrapped(text), part);
}

TEST_CASE("text: the exact text of a small result") {
  CHECK(text_header(test::sample_result()) ==
        "aiobench 1.2.3 on Linux 6.1.0, 4 CPUs (Processor 5000)\n");
  CHECK(text_run(test::sample_run()) ==
        "/data/large.bin  xxh3 0123456789abcdef\n"
        "  speed      2.00 GiB/s, 2,048 requests/s: 3 GiB in 3,072 requests, 1.50 s\n"
        "  engine     io_uring:fixed_buffers,sqpoll, depth 8, 2 threads, block 1 MiB,\n"
        "             cache warm\n"
        "  file       3 GiB, ext4 on /dev/nvme0n1p1 (Fast Disk 9)\n"
        "  time       wwwwwhhhsr  waiting 50 %, hashing 30 %, submitting 10 %, rest 10 %\n"
        "  latency    p50 4.00 ms, p90 4.00 ms, p99 4.00 ms, p99.9 4.00 ms, max 4.00 ms\n"
        "  submitting 300 ms in total, 97.7 us per request; 25.0 % completed inline\n"
        "  depth      8.2 requests in flight on average\n"
        "  cpu        1.125 s (0.750 user, 0.375 system), 0.375 s per GiB\n");
}

TEST_CASE("text: a latency of something other than a transfer says so") {
  result::Run run = test::sample_run();
  run.config.latency_of = "populating pages";
  CHECK(says(text_run(run), "  latency    populating pages: p50 4.00 ms, p90 4.00 ms, "));
}

TEST_CASE("text: every required item is present") {
  result::Run run = test::sample_run();
  run.warnings.push_back(
      {result::WarningCode::cache_not_warm, "half of it was cold", "give it more memory"});
  run.repetitions[0].latency_ns = {};
  for (int i = 0; i < 1000; ++i) run.repetitions[0].latency_ns.record(10);
  for (int i = 0; i < 600; ++i) run.repetitions[0].latency_ns.record(20);
  for (int i = 0; i < 200; ++i) run.repetitions[0].latency_ns.record(30);
  for (int i = 0; i < 15; ++i) run.repetitions[0].latency_ns.record(40);
  run.repetitions[0].latency_ns.record(50);
  const std::string text = text_run(run);
  CAPTURE(text);
  for (const char* item : {
           "0123456789abcdef",  // the digest
           "io_uring:fixed_buffers,sqpoll",
           "depth 8",  // engine and options, depth
           "2 threads",
           "block 1 MiB",
           "cache warm",  // threads, block, cache state
           "ext4",
           "/dev/nvme0n1p1",
           "Fast Disk 9",  // file system and disk
           "1.50 s",
           "2.00 GiB/s",
           "2,048 requests/s",  // wall time and rates
           "1.125 s",
           "0.375 s per GiB",  // CPU seconds, and per GiB
           "p50 10 ns",
           "p90 30 ns",
           "p99 30 ns",  // latency
           "p99.9 40 ns",
           "max 50 ns",                //
           "300 ms in total",          // time in the submitting calls
           "25.0 % completed inline",  // the share completed inline
           "in flight on average",     // the depth achieved
           "waiting 50 %",
           "hashing 30 %",  // where the time went
           "submitting 10 %",
           "rest 10 %",  //
           "half of it was cold",
           "give it more memory"  // warnings, with advice
       }) {
    CAPTURE(item);
    CHECK(says(text, item));
  }
}

TEST_CASE("text: the header states that it ran under Wine, and what that means") {
  result::Results result = test::sample_result();
  result.host.system = "Windows";
  result.host.version = "10.0.19043";
  result.host.wine = "8.0";
  const std::string header = text_header(result);
  CHECK(says(header, "on Windows 10.0.19043 under Wine 8.0"));
  CHECK(says(header, "says nothing about Windows"));
  CHECK_FALSE(says(text_header(test::sample_result()), "Wine"));
}

TEST_CASE("text: unknown values are left out") {
  result::Results result = test::sample_result();
  result.host.cpu_model.clear();
  CHECK(text_header(result) == "aiobench 1.2.3 on Linux 6.1.0, 4 CPUs\n");
  result::Run run = test::sample_run();
  run.target.storage = {};
  run.config.engine_options.clear();
  run.config.threads = 1;
  const std::string text = text_run(run);
  CHECK(says(text, "  file       3 GiB\n"));
  CHECK(says(text, "io_uring, depth 8, 1 thread, block"));
  CHECK_FALSE(says(text, "()"));
}

TEST_CASE("text: without a digest, and of an interrupted run") {
  result::Run run = test::sample_run();
  run.repetitions[0].digest.clear();
  CHECK(text_run(run).rfind("/data/large.bin  (no digest)\n", 0) == 0);
  run.repetitions[0].partial = true;
  const std::string text = text_run(run);
  CHECK(says(text.substr(0, text.find('\n')), "partial"));
  CHECK(says(text.substr(0, text.find('\n')), "interrupted"));
  CHECK(says(text, "2.00 GiB/s"));
}

TEST_CASE("text: a failed run shows its error and no figures") {
  result::Run run = test::sample_run();
  run.repetitions.clear();
  run.failure = Error{.code = 5,
                      .operation = "read",
                      .path = "/data/large.bin",
                      .offset = 4096,
                      .cause = "Input/output error [EIO 5]",
                      .hint = "see the kernel log"};
  CHECK(text_run(run) ==
        "/data/large.bin\n"
        "  error      cannot read '/data/large.bin' at offset 4096: Input/output error\n"
        "             [EIO 5] (see the kernel log)\n");
}

TEST_CASE("text: a read run shows its settings, and what its figures cover") {
  result::Run run = test::sample_read_run();
  CHECK(text_run(run) ==
        "/data/large.bin\n"
        "  speed      2.00 GiB/s, 2,048 requests/s: 3 GiB in 3,072 requests, 1.50 s\n"
        "  engine     io_uring:fixed_buffers,sqpoll, depth 8, 2 threads, block 1 MiB,\n"
        "             cache warm\n"
        "  file       3 GiB, ext4 on /dev/nvme0n1p1 (Fast Disk 9)\n"
        "  read       random, seed 7, for 2.5 s, 64 MiB, at 2500.5 requests/s,\n"
        "             3 files at once\n"
        "  time       wwwwwhhhsr  waiting 50 %, hashing 30 %, submitting 10 %, rest 10 %\n"
        "  latency    p50 4.00 ms, p90 4.00 ms, p99 4.00 ms, p99.9 4.00 ms, max 4.00 ms,\n"
        "             from the due time\n"
        "  submitting 300 ms in total, 97.7 us per request; 25.0 % completed inline\n"
        "  depth      8.2 requests due or in flight on average\n"
        "  cpu        1.125 s (0.750 user, 0.375 system), for all files together\n");
  run.config.read = ReadSettings{.pattern = Pattern::sequential, .seed = 7};
  run.config.requested_engine = "auto";
  run.repetitions[0].lanes = 1;
  std::string text = text_run(run);
  CHECK(says(text, "  engine     io_uring:fixed_buffers,sqpoll (chosen by auto), depth 8, 2"));
  CHECK(says(text, "  read       sequential\n"));
  CHECK(says(text, "0.375 s per GiB\n"));
  CHECK(says(text, "max 4.00 ms\n"));
  CHECK(says(text, "8.2 requests in flight on average (the run had only 1 request)\n"));
  run.repetitions[0].partial = true;
  text = text_run(run);
  CHECK(text.rfind("/data/large.bin  (partial: interrupted)\n", 0) == 0);
}

TEST_CASE("text: several repetitions show the median one and the spread") {
  result::Run run = test::sample_run();
  run.repetitions.assign(3, test::sample_repetition());
  run.repetitions[0].wall_seconds = 3.0;
  run.repetitions[1].wall_seconds = 1.0;
  run.repetitions[2].wall_seconds = 1.5;
  const std::string text = text_run(run);
  CHECK(says(text, "2.00 GiB/s, 2,048 requests/s"));
  CHECK(
      says(text, "  spread     1.00 to 3.00 GiB/s, 3 repetitions -@*; the median one is shown\n"));
  CHECK_FALSE(says(text_run(test::sample_run()), "repetitions"));
}

TEST_CASE("text: fewer lanes than depth are explained") {
  result::Run run = test::sample_run();
  run.repetitions[0].lanes = 3;
  CHECK(says(text_run(run), "only 3 blocks"));
  CHECK_FALSE(says(text_run(test::sample_run()), "only"));
}

TEST_CASE("text: a copy that ended before its verification is not called different") {
  result::Run run = test::sample_copy_run();
  run.repetitions[0].copy->verified = false;
  CHECK(says(text_run(run), "  verify     not identical in 250 ms\n"));
  run.repetitions[0].copy->verify_seconds = 0;
  CHECK(says(text_run(run), "  verify     not read back\n"));
}

TEST_CASE("text: a copy shows its destination, its stages and its writes") {
  result::Run run = test::sample_copy_run();
  std::string text = text_run(run);
  CHECK(says(text, "  copy       to /backup/large.bin: written by iocp, direct, flushed\n"));
  CHECK(says(text,
             "  total      2.06 s, 1.46 GiB/s: open 10.0 ms, allocate 20.0 ms, copy 1.50 s, "
             "flush 500 ms, rename 30.0 ms\n"));
  CHECK(says(text, "  writes     2 MiB in 4 requests, 25.0 % completed inline; p50 3.00 us, "));
  CHECK(says(text, " % of the reads completed inline\n"));
  CHECK(says(text, "  verify     read back, identical in 250 ms\n"));
  run.config.engine = "os";
  for (const char* const label :
       {"  latency ", "  writes ", "  submitting ", "  depth ", "  time "}) {
    CHECK(says(text, label));
    CHECK_FALSE(says(text_run(run), label));
  }
  run.config.engine = "iocp";
  run.config.copy->sparse = run.config.copy->flush = run.config.copy->verify = false;
  text = text_run(run);
  CHECK(says(text, "iocp, direct, holes filled, not flushed\n"));
  CHECK_FALSE(says(text, "  verify "));
}

TEST_CASE("text: a suspect run says so first, with all codes") {
  result::Run run = test::sample_run();
  run.warnings.push_back({result::WarningCode::few_requests, "few", "more"});
  CHECK_FALSE(says(text_run(run), "  suspect "));
  run.warnings.push_back({result::WarningCode::sparse_file, "sparse", "create"});
  run.warnings.push_back({result::WarningCode::wine, "wine", ""});
  const std::string text = text_run(run);
  CHECK(text.rfind("/data/large.bin  xxh3 0123456789abcdef\n"
                   "  suspect    do not quote these figures: sparse_file, wine\n",
                   0) == 0);
  CHECK(says(text, "  warning    few (more)\n"));
  CHECK(says(text, "  warning    sparse (create)\n"));
  CHECK(says(text, "  warning    wine\n"));
  run.repetitions.clear();
  CHECK_FALSE(says(text_run(run), "  suspect "));  // there are no figures
}

TEST_CASE("text: a percentile with too few requests is marked, with or without a warning") {
  result::Run run = test::sample_run();
  const auto with = [&](int requests) {
    run.repetitions[0].latency_ns = {};
    for (int i = 0; i < requests; ++i) run.repetitions[0].latency_ns.record(10);
    return text_run(run);
  };
  CHECK(says(with(1000), "p50 10 ns, p90 10 ns, p99 10 ns, p99.9 10 ns, max 10 ns\n"));
  const std::string note = " (?: too few requests)\n";
  CHECK(says(with(999), "p90 10 ns, p99 10 ns, p99.9 10 ns?, max 10 ns" + note));
  CHECK(says(with(100), "p90 10 ns, p99 10 ns, p99.9 10 ns?, max 10 ns" + note));
  CHECK(says(with(99), "p90 10 ns, p99 10 ns?, p99.9 10 ns?, max 10 ns" + note));
  CHECK(says(with(9), "p50 10 ns, p90 10 ns?, p99 10 ns?, p99.9 10 ns?, max 10 ns" + note));
}

TEST_CASE("text: a repetition of an empty file has figures") {
  result::Run run = test::sample_run();
  run.repetitions[0] = {};
  run.target.file_bytes = 0;
  const std::string text = text_run(run);
  CAPTURE(text);
  CHECK(says(text, "0.00 GiB/s"));
  CHECK_FALSE(says(text, "nan"));
  CHECK_FALSE(says(text, "inf,"));
}

TEST_CASE("text: a rate that exceeds an integer, as a file may contain") {
  result::Run run = test::sample_run();
  run.repetitions[0].requests = UINT64_MAX;
  run.repetitions[0].wall_seconds = 1e-9;
  CHECK(says(text_run(run), " GiB/s, 1.84e+28 requests/s: "));
  run.repetitions[0].wall_seconds = 1e-320;
  CHECK(says(text_run(run), " inf requests/s: "));
  run.repetitions[0].requests = 999'999'999'999'999;
  run.repetitions[0].wall_seconds = 1;
  CHECK(says(text_run(run), " 999,999,999,999,999 requests/s: "));
}

TEST_CASE("text: no name and no message can break a line or move the cursor") {
  const std::string nasty = "a\nb\rc\x1b[2Jd\xc2\x9bz";
  result::Run run = test::sample_run();
  const auto lines = [&] {
    const std::string text = text_run(run);
    CAPTURE(text);
    CHECK_FALSE(says(text, "\r"));
    CHECK_FALSE(says(text, "\x1b"));
    CHECK_FALSE(says(text, "\xc2\x9b"));
    const std::string rows = unwrapped(text);
    return std::count(rows.begin(), rows.end(), '\n');
  };
  run.warnings.push_back({result::WarningCode::few_requests, "message", "advice"});
  const auto expected = lines();
  run.target.path = nasty;
  CHECK(lines() == expected);
  os::StorageInfo& storage = run.target.storage;
  storage.file_system = storage.mount = storage.device = storage.model = nasty;
  CHECK(lines() == expected);
  run.warnings[0] = {result::WarningCode::few_requests, nasty, nasty};
  CHECK(lines() == expected);
  run.config.engine = run.config.engine_options = run.repetitions[0].digest = nasty;
  CHECK(lines() == expected);
  result::Results result = test::sample_result();
  result.tool.version = result.host.system = result.host.version = result.host.cpu_model = nasty;
  const std::string once = "a\\nb\\x0dc\\x1b[2Jd\\xc2\\x9bz";
  CHECK(text_header(result) ==
        "aiobench " + once + " on " + once + " " + once + ",\n4 CPUs (" + once + ")\n");
}

}  // namespace
}  // namespace aiobench::report
