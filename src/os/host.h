// Facts about the machine and about where a file lies, as far as the system tells them without
// special rights. What is not known is empty or 0, never guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aiobench::platform {

struct HostFacts {
  std::string system;   // "Linux", "Windows"
  std::string version;  // kernel release, or Windows build
  std::string wine;     // Wine's version where Windows is Wine, else empty
  std::string cpu_model;
  unsigned cpus = 0;  // that this process may run on
  std::uint64_t memory_bytes = 0;
  double clock_step_ns = 0;  // of the clock of all figures: see clock.h
  std::string cpu_governor;  // who decides the processors' frequency: "performance", "schedutil"
};

HostFacts host_facts();

struct StorageFacts {
  std::string file_system;    // "ext4", "tmpfs", "NTFS"
  std::string mount;          // mount point or volume root
  std::string device;         // "/dev/vda", "\\.\PhysicalDrive0"
  std::string model;          // of the device
  std::string mount_options;  // "rw,relatime"
  // Of the device, as its driver tells; a virtual one may tell anything.
  std::optional<bool> rotational;
  std::uint32_t logical_sector_bytes = 0;
  std::uint32_t physical_sector_bytes = 0;
  unsigned queue_depth = 0;  // requests that the system keeps in flight there
};

StorageFacts storage_facts(const std::string& path);

}  // namespace aiobench::platform
