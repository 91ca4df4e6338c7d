// Facts about the machine and about where a file lies, as far as the system tells them without
// special rights. What is not known is empty or 0, never guessed.
#pragma once

#include <cstdint>
#include <string>

namespace aiobench::platform {

struct HostFacts {
  std::string system;   // "Linux", "Windows"
  std::string version;  // kernel release, or Windows build
  std::string wine;     // Wine's version where Windows is Wine, else empty
  std::string cpu_model;
  unsigned cpus = 0;  // that this process may run on
  std::uint64_t memory_bytes = 0;
};

HostFacts host_facts();

struct StorageFacts {
  std::string file_system;  // "ext4", "tmpfs", "NTFS"
  std::string mount;        // mount point or volume root
  std::string device;       // "/dev/vda", "\\.\PhysicalDrive0"
  std::string model;        // of the device
};

StorageFacts storage_facts(const std::string& path);

}  // namespace aiobench::platform
