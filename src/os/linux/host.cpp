#include "os/host.h"

#include <fmt/core.h>
#include <mntent.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "os/clock.h"
#include "os/linux/internal.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace aiobench::os {
namespace {

std::string trim(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return trim(line);
}

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return trim(line.substr(line.find(':') + 1));
  }
  return {};
}

unsigned cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof(set), &set) != 0) return 0;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

// Whether `mount` is `path` itself or a directory above it.
bool lies_in(const std::string& path, const std::string& mount) {
  if (mount == "/") return true;
  return path.compare(0, mount.size(), mount) == 0 &&
         (path.size() == mount.size() || path[mount.size()] == '/');
}

void find_mount(const std::string& path, StorageInfo& info) {
  const std::unique_ptr<FILE, int (*)(FILE*)> mounts(::setmntent("/proc/self/mounts", "r"),
                                                     ::endmntent);
  if (!mounts) return;
  while (const mntent* entry = ::getmntent(mounts.get())) {
    if (!lies_in(path, entry->mnt_dir)) continue;
    if (std::string(entry->mnt_dir).size() < info.mount.size()) continue;
    info.file_system = entry->mnt_type;
    info.mount = entry->mnt_dir;
    info.device = entry->mnt_fsname;
    info.mount_options = entry->mnt_opts;
  }
}

// The number in the file; 0 if the file is missing or holds something else.
unsigned number_in(const std::string& path) {
  const std::string line = first_line(path);
  unsigned number = 0;
  const auto end = std::from_chars(line.data(), line.data() + line.size(), number);
  return end.ec == std::errc() && end.ptr == line.data() + line.size() ? number : 0;
}

// The directory of the file's block device in /sys; empty if the file is not on a block device.
std::string device_directory(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  const dev_t device = S_ISBLK(info.st_mode) ? info.st_rdev : info.st_dev;
  const std::string directory = fmt::format("/sys/dev/block/{}:{}/", major(device), minor(device));
  return std::filesystem::exists(directory) ? directory : std::string();
}

// Model and queue belong to the whole disk; the directory of a partition is inside that of its
// disk.
void read_device_info(const std::string& directory, StorageInfo& info) {
  for (const char* place : {"device/model", "../device/model", "loop/backing_file"}) {
    info.model = first_line(directory + place);
    if (!info.model.empty()) break;
  }
  std::string queue = directory + "queue/";
  if (!std::filesystem::exists(queue)) queue = directory + "../queue/";
  const std::string rotational = first_line(queue + "rotational");
  if (!rotational.empty()) info.rotational = rotational != "0";
  info.logical_sector_bytes = number_in(queue + "logical_block_size");
  info.physical_sector_bytes = number_in(queue + "physical_block_size");
  info.queue_depth = number_in(queue + "nr_requests");
}

}  // namespace

HostInfo host_info() {
  HostInfo info;
  utsname names{};
  if (::uname(&names) == 0) {
    info.system = names.sysname;
    info.version = names.release;
  }
  info.cpu_model = cpu_model();
  info.cpus = cpus();
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0) info.memory_bytes = memory.totalram * std::uint64_t{memory.mem_unit};
  info.clock_step_ns = clock_step_ns();
  info.cpu_governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return info;
}

StorageInfo storage_info(const std::string& path) {
  StorageInfo info;
  std::error_code failure;
  const std::string real = std::filesystem::canonical(path, failure).string();
  if (failure) return info;
  find_mount(real, info);
  const std::string device = device_directory(real);
  if (!device.empty()) read_device_info(device, info);
  return info;
}

std::optional<SystemCpuTime> parse_cpu_line(const std::string& line, double step_seconds) {
  // The time of guests follows; it is already included in user and nice.
  enum { user, nice, system, idle, iowait, irq, softirq, steal, kCount };
  constexpr int kMin = idle + 1;  // kernels before 2.6 report only these
  std::istringstream words(line);
  std::string name;
  if (!(words >> name) || name != "cpu") return std::nullopt;
  std::array<double, kCount> steps{};
  int count = 0;
  while (count < kCount && words >> steps[static_cast<std::size_t>(count)]) ++count;
  if (count < kMin) return std::nullopt;
  SystemCpuTime time;
  for (const double each : steps) time.all_seconds += each * step_seconds;
  time.busy_seconds = (steps[user] + steps[nice] + steps[system] + steps[steal]) * step_seconds;
  return time;
}

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

CpuTime process_cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

std::optional<SystemCpuTime> system_cpu_time() {
  static const double step_seconds = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::ifstream stat("/proc/stat");
  std::string line;
  if (!std::getline(stat, line)) return std::nullopt;
  return parse_cpu_line(line, step_seconds);
}

double cpu_time_step_seconds() {
  return 1e-6;
}

#if defined(__x86_64__)

bool cpu_has_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}
bool cpu_has_avx512() {
  return __builtin_cpu_supports("avx512f") != 0;
}

#else

bool cpu_has_avx2() {
  return false;
}
bool cpu_has_avx512() {
  return false;
}

#endif

#if defined(__x86_64__)

void cpu_relax() {
  _mm_pause();
}

#elif defined(__aarch64__)

void cpu_relax() {
  asm volatile("yield");
}

#else

void cpu_relax() {}

#endif

void wake_on_time() {
  ::prctl(PR_SET_TIMERSLACK, 1);
}

}  // namespace aiobench::os
