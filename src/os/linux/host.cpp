#include "os/host.h"

#include <mntent.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/core.h>

#include "os/clock.h"

namespace aiobench::platform {
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

// True where `mount` is the folder `path` or above it.
bool lies_in(const std::string& path, const std::string& mount) {
  if (mount == "/") return true;
  return path.compare(0, mount.size(), mount) == 0 &&
         (path.size() == mount.size() || path[mount.size()] == '/');
}

void find_mount(const std::string& path, StorageFacts& facts) {
  const std::unique_ptr<FILE, int (*)(FILE*)> mounts(::setmntent("/proc/self/mounts", "r"),
                                                     ::endmntent);
  if (!mounts) return;
  while (const mntent* entry = ::getmntent(mounts.get())) {
    if (!lies_in(path, entry->mnt_dir)) continue;
    if (std::string(entry->mnt_dir).size() < facts.mount.size()) continue;
    facts.file_system = entry->mnt_type;
    facts.mount = entry->mnt_dir;
    facts.device = entry->mnt_fsname;
    facts.mount_options = entry->mnt_opts;
  }
}

// 0 where the file is missing or holds something else.
unsigned number_in(const std::string& path) {
  const std::string line = first_line(path);
  unsigned number = 0;
  const auto end = std::from_chars(line.data(), line.data() + line.size(), number);
  return end.ec == std::errc() && end.ptr == line.data() + line.size() ? number : 0;
}

// Its folder in /sys; empty where the file lies on no block device.
std::string device_folder(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  const dev_t device = S_ISBLK(facts.st_mode) ? facts.st_rdev : facts.st_dev;
  const std::string folder = fmt::format("/sys/dev/block/{}:{}/", major(device), minor(device));
  return std::filesystem::exists(folder) ? folder : std::string();
}

// Model and queue are the whole disk's: a partition's folder lies inside that of its disk.
void ask_device(const std::string& folder, StorageFacts& facts) {
  for (const char* place : {"device/model", "../device/model", "loop/backing_file"}) {
    facts.model = first_line(folder + place);
    if (!facts.model.empty()) break;
  }
  std::string queue = folder + "queue/";
  if (!std::filesystem::exists(queue)) queue = folder + "../queue/";
  const std::string rotational = first_line(queue + "rotational");
  if (!rotational.empty()) facts.rotational = rotational != "0";
  facts.logical_sector_bytes = number_in(queue + "logical_block_size");
  facts.physical_sector_bytes = number_in(queue + "physical_block_size");
  facts.queue_depth = number_in(queue + "nr_requests");
}

}  // namespace

HostFacts host_facts() {
  HostFacts facts;
  utsname names{};
  if (::uname(&names) == 0) {
    facts.system = names.sysname;
    facts.version = names.release;
  }
  facts.cpu_model = cpu_model();
  facts.cpus = cpus();
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0)
    facts.memory_bytes = memory.totalram * std::uint64_t{memory.mem_unit};
  facts.clock_step_ns = clock_step_ns();
  facts.cpu_governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return facts;
}

StorageFacts storage_facts(const std::string& path) {
  StorageFacts facts;
  std::error_code failure;
  const std::string real = std::filesystem::canonical(path, failure).string();
  if (failure) return facts;
  find_mount(real, facts);
  const std::string device = device_folder(real);
  if (!device.empty()) ask_device(device, facts);
  return facts;
}

}  // namespace aiobench::platform
