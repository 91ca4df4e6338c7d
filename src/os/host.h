// Information about the machine and the storage, as far as the system reports it without special
// rights. Unknown values are empty or 0, never guessed. Also CPU time, CPU features and thread
// helpers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aiobench::os {

struct HostInfo {
  std::string system;   // "Linux", "Windows"
  std::string version;  // kernel release, or Windows build
  std::string wine;     // the version of Wine; empty on a real system
  std::string cpu_model;
  unsigned cpus = 0;  // processors that this process may run on
  std::uint64_t memory_bytes = 0;
  double clock_step_ns = 0;  // resolution of the clock: os::clock_step_ns()
  std::string cpu_governor;  // frequency governor: "performance", "schedutil"
};

HostInfo host_info();

struct StorageInfo {
  std::string file_system;    // "ext4", "tmpfs", "NTFS"
  std::string mount;          // mount point or volume root
  std::string device;         // "/dev/vda", "\\.\PhysicalDrive0"
  std::string model;          // of the device
  std::string mount_options;  // "rw,relatime"
  // As the driver of the device reports; a virtual device may report anything.
  std::optional<bool> rotational;
  std::uint32_t logical_sector_bytes = 0;
  std::uint32_t physical_sector_bytes = 0;
  unsigned queue_depth = 0;  // requests that the system keeps in flight on the device
};

StorageInfo storage_info(const std::string& path);

// CPU time in seconds.
struct CpuTime {
  double user_seconds = 0;
  double system_seconds = 0;
};

// CPU time of this process: all threads, ended ones included, and its kernel workers (io_uring).
// Sources: getrusage(2); GetProcessTimes in the Win32 reference.
CpuTime process_cpu_time();

// CPU time of all processors since the system started. `busy` is the time of processes and of the
// kernel on their behalf, and the time that a hypervisor took ("steal"). On Linux it excludes
// interrupts, which the measured process causes by its own requests. Both values advance in steps
// of 10 to 20 ms. Under Wine, the Wine server counts as a separate process.
struct SystemCpuTime {
  double busy_seconds = 0;
  double all_seconds = 0;  // busy or idle: number of processors times elapsed time
};

// Empty if the system does not report it. Sources: proc(5) on /proc/stat; GetSystemTimes in the
// Win32 reference.
std::optional<SystemCpuTime> system_cpu_time();

// The resolution of process_cpu_time() in seconds. A difference of less than a few steps is not
// significant.
double cpu_time_step_seconds();

// Whether the processor and the system support these instructions.
bool cpu_has_avx2();
bool cpu_has_avx512();

// Signals to the processor that this thread spins (x86 PAUSE).
void cpu_relax();

// Makes timed waits of the calling thread end as close to their deadline as the system can:
// prctl(2), PR_SET_TIMERSLACK. Windows has no such setting for one thread; its steps are 1 to 16
// ms.
void wake_on_time();

}  // namespace aiobench::os
