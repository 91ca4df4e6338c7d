// Info about the machine and about where a file lies, as far as the system tells them without
// special rights. What is not known is empty or 0, never guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aiobench::os {

struct HostInfo {
  std::string system;   // "Linux", "Windows"
  std::string version;  // kernel release, or Windows build
  std::string wine;     // Wine's version where Windows is Wine, else empty
  std::string cpu_model;
  unsigned cpus = 0;  // that this process may run on
  std::uint64_t memory_bytes = 0;
  double clock_step_ns = 0;  // of the clock of all figures: see clock.h
  std::string cpu_governor;  // who decides the processors' frequency: "performance", "schedutil"
};

HostInfo host_info();

struct StorageInfo {
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

StorageInfo storage_info(const std::string& path);

// CPU time used by this process, all threads that live or have lived, kernel workers of the
// process (io_uring) included, and by all processes together. Sources: getrusage(2), proc(5) on
// /proc/stat; GetProcessTimes and GetSystemTimes in the Win32 reference.

struct CpuTime {
  double user_seconds = 0;
  double system_seconds = 0;
};

CpuTime process_cpu_time();

// Of all processors together, since the system's start. Busy is what processes and the kernel for
// them have taken, and a hypervisor for others ("steal"); on Linux without interrupts, which the
// process that is measured causes itself by its requests. Both grow in steps of 10 to 20 ms. Wine's
// server counts as a process of its own.
struct SystemCpuTime {
  double busy_seconds = 0;
  double all_seconds = 0;  // idle or not: the processors x the time that has passed
};

// Nothing where the system does not tell.
std::optional<SystemCpuTime> system_cpu_time();

// The step in which process_cpu_time() counts, in seconds: a difference smaller than a few steps
// means nothing.
double cpu_time_step_seconds();

// What the processor can do beyond the base of its architecture.

bool cpu_has_avx2();
bool cpu_has_avx512();

// Small things about threads that the standard library lacks.

// Tells the core that this thread waits in a loop (x86 PAUSE).
void cpu_relax();

// From now on the calling thread's timed waits end as close to their time as the system can:
// prctl(2), PR_SET_TIMERSLACK. Windows has nothing for one thread, and 1 to 16 ms steps.
void wake_on_time();

}  // namespace aiobench::os
