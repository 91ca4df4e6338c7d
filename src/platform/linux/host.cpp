#include "platform/host.h"

#include <mntent.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <fmt/format.h>

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
  }
}

// The model is the whole disk's: a partition's folder in /sys lies inside that of its disk.
std::string device_model(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  const dev_t device = S_ISBLK(facts.st_mode) ? facts.st_rdev : facts.st_dev;
  const std::string base = fmt::format("/sys/dev/block/{}:{}/", major(device), minor(device));
  for (const char* place : {"device/model", "../device/model", "loop/backing_file"}) {
    const std::string model = first_line(base + place);
    if (!model.empty()) return model;
  }
  return {};
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
  return facts;
}

StorageFacts storage_facts(const std::string& path) {
  StorageFacts facts;
  std::error_code failure;
  const std::string real = std::filesystem::canonical(path, failure).string();
  if (failure) return facts;
  find_mount(real, facts);
  facts.model = device_model(real);
  return facts;
}

}  // namespace aiobench::platform
