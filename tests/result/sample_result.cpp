// Test support, proves nothing itself: see sample_result.h.
#include "result/sample_result.h"

#include "base/units.h"

namespace aiobench::test {

result::Repetition sample_repetition() {
  result::Repetition r;
  r.started_unix_ns = 1'700'000'000'123'456'789;
  r.digest = "0123456789abcdef";
  r.lanes = 8;
  r.threads = 2;
  r.bytes = 3 * kGiB;
  r.requests = 3072;
  r.inline_completions = 768;
  r.wall_seconds = 1.5;
  r.user_seconds = 0.75;
  r.system_seconds = 0.375;
  r.other_cpu_share = 0.125;
  for (int i = 0; i < 3072; ++i) r.latency_ns.record(4'000'000);
  r.submitting_seconds = 0.3;
  r.waiting_seconds = 1.5;
  r.hashing_seconds = 0.9;
  r.rest_seconds = 0.3;
  return r;
}

result::Run sample_run() {
  result::Run run;
  run.job = "hash";
  run.config = {.engine = "io_uring",
                .engine_options = "fixed_buffers,sqpoll",
                .depth = 8,
                .threads = 2,
                .block_bytes = kMiB,
                .hash = HashAlgorithm::xxh3,
                .cache = CacheState::warm,
                .requested_engine = {},
                .read = {},
                .copy = {}};
  run.target = {.path = "/data/large.bin",
                .file_bytes = 3 * kGiB,
                .storage = {.file_system = "ext4",
                            .mount = "/data",
                            .device = "/dev/nvme0n1p1",
                            .model = "Fast Disk 9",
                            .mount_options = "rw,noatime",
                            .rotational = false,
                            .logical_sector_bytes = 512,
                            .physical_sector_bytes = 4096,
                            .queue_depth = 1023},
                .cached_share_before = 0.5,
                .cached_share_after = 1.0,
                .hole_share = 0.0};
  run.repetitions.push_back(sample_repetition());
  return run;
}

result::Run sample_copy_run() {
  result::Run run = sample_run();
  run.job = "copy";
  run.config.copy = CopySettings{.destination = "/backup/large.bin",
                                 .writer = "iocp",
                                 .write_cache = WriteCache::direct,
                                 .sparse = true,
                                 .flush = true,
                                 .verify = true};
  result::CopyFigures figures;
  figures.writes.requests = 4;
  figures.writes.bytes = 2 * kMiB;
  figures.writes.inline_completions = 1;
  figures.writes.latency_ns.record(3000);
  figures.open_seconds = 0.01;
  figures.allocate_seconds = 0.02;
  figures.flush_seconds = 0.5;
  figures.verify_seconds = 0.25;
  figures.rename_seconds = 0.03;
  figures.verified = true;
  run.repetitions[0].copy = figures;
  return run;
}

result::Run sample_read_run() {
  result::Run run = sample_run();
  run.job = "read";
  run.config.hash = HashAlgorithm::none;
  run.config.read = ReadSettings{.pattern = Pattern::random,
                                 .seed = 7,
                                 .duration_seconds = 2.5,
                                 .limit_bytes = 64 * kMiB,
                                 .rate_per_second = 2500.5,
                                 .files_at_once = 3};
  run.repetitions[0].digest.clear();
  return run;
}

result::Results sample_result() {
  result::Results result;
  result.tool = {
      .version = "1.2.3", .commit = "abc1234", .compiler = "g++ 12.2", .build_type = "Release"};
  result.host = {.system = "Linux",
                 .version = "6.1.0",
                 .wine = "",
                 .cpu_model = "Processor 5000",
                 .cpus = 4,
                 .memory_bytes = 16 * kGiB,
                 .clock_step_ns = 20,
                 .cpu_governor = "performance"};
  result.clock = "tsc";
  result.own_cost = {.clock_ns = 12.5, .request_ns = 60};
  result.hash_instructions = "avx2";
  result.runs.push_back(sample_run());
  return result;
}

result::Results full_result() {
  result::Results result = sample_result();
  result.runs.push_back(sample_read_run());
  result.runs.push_back(sample_copy_run());
  result.runs[1].config.requested_engine = "auto";
  result.runs[1].config.interval_seconds = 0.5;
  result.runs[1].repetitions[0].intervals = {
      {.start_seconds = 0, .seconds = 0.5, .requests = 7, .bytes = 900, .p50_ns = 3, .p99_ns = 8},
      {.start_seconds = 1, .seconds = 0.25, .requests = 2, .bytes = 8, .p50_ns = 4, .p99_ns = 5}};
  using result::WarningCode;
  result.runs[1].warnings = {{WarningCode::cache_not_cold, "it was not", "try again"},
                             {WarningCode::few_requests, "so", ""}};
  result.runs[2].failure = Error{.code = 5,
                                 .operation = "read",
                                 .path = "/data/large.bin",
                                 .offset = 4096,
                                 .cause = "Input/output error (EIO 5)",
                                 .hint = "look at the cable"};
  result.host.wine = "8.0";
  result.runs[2].origin = sample_result();
  result.runs[2].origin->host.system = "Windows";
  result.runs[2].origin->clock = "QueryPerformanceCounter";
  return result;
}

}  // namespace aiobench::test
