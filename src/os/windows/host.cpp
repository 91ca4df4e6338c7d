#include "os/host.h"

#include <fmt/core.h>
#include <windows.h>
#include <winioctl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <cwchar>

#include "os/clock.h"
#include "os/file.h"
#include "os/windows/native.h"
#include "os/windows/wine.h"

namespace aiobench::os {
namespace {

// RtlGetVersion(), because GetVersionEx() reports an older Windows to a program without a suitable
// manifest.
std::string windows_version() {
  using GetVersion = LONG(WINAPI*)(OSVERSIONINFOW*);
  const auto get_version = find_function<GetVersion>(L"ntdll.dll", "RtlGetVersion");
  OSVERSIONINFOW version{};
  version.dwOSVersionInfoSize = sizeof(version);
  if (get_version == nullptr || get_version(&version) != 0) return {};
  return fmt::format("{}.{}.{}", version.dwMajorVersion, version.dwMinorVersion,
                     version.dwBuildNumber);
}

std::string cpu_model() {
  std::array<wchar_t, 256> name{};
  DWORD bytes = sizeof(name);
  if (RegGetValueW(HKEY_LOCAL_MACHINE, L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0",
                   L"ProcessorNameString", RRF_RT_REG_SZ, nullptr, name.data(),
                   &bytes) != ERROR_SUCCESS) {
    return {};
  }
  std::string model = narrow(name.data());
  model.erase(model.find_last_not_of(' ') + 1);
  return model;
}

// An affinity mask has 64 bits. A machine with more processors has processor groups, and since
// Windows 11 a process may run on all of them.
unsigned cpus() {
  if (GetActiveProcessorGroupCount() > 1) return GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
  DWORD_PTR mine = 0;
  DWORD_PTR all = 0;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &mine, &all)) return 0;
  return static_cast<unsigned>(std::popcount(static_cast<std::uint64_t>(mine)));
}

}  // namespace

HostInfo host_info() {
  HostInfo info;
  info.system = "Windows";
  info.version = windows_version();
  info.wine = wine_version();
  info.cpu_model = cpu_model();
  info.cpus = cpus();
  MEMORYSTATUSEX memory{};
  memory.dwLength = sizeof(memory);
  if (GlobalMemoryStatusEx(&memory)) info.memory_bytes = memory.ullTotalPhys;
  info.clock_step_ns = clock_step_ns();
  return info;
}

StorageInfo storage_info(const std::string& path) {
  const std::wstring wide = system_path(path);
  return under_wine() ? wine_storage(wide) : windows_storage(wide);
}

namespace {

// A handle for queries only. Without requested access it needs no special right.
File open_for_query(const std::wstring& device) {
  const HANDLE handle = CreateFileW(device.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                    OPEN_EXISTING, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return {};
  return File::adopt(reinterpret_cast<NativeHandle>(handle), narrow(device));
}

bool query_device(const File& device, DWORD question, void* in, DWORD in_bytes, void* out,
                  DWORD out_bytes) {
  DWORD returned = 0;
  return DeviceIoControl(to_handle(device), question, in, in_bytes, out, out_bytes, &returned,
                         nullptr) != 0;
}

// "\\.\PhysicalDrive0" for the volume "C:\"; empty for a network share or a volume that spans
// several disks.
std::string disk_of(const std::wstring& root) {
  if (!has_drive(root)) return {};
  const File volume = open_for_query(L"\\\\.\\" + root.substr(0, 2));
  STORAGE_DEVICE_NUMBER number{};
  if (!volume.is_open() ||
      !query_device(volume, IOCTL_STORAGE_GET_DEVICE_NUMBER, nullptr, 0, &number, sizeof(number))) {
    return {};
  }
  return fmt::format("\\\\.\\PhysicalDrive{}", number.DeviceNumber);
}

// Vendor and product, which are strings inside the answer.
std::string model_of(const std::string& disk) {
  if (disk.empty()) return {};
  const File device = open_for_query(widen(disk));
  STORAGE_PROPERTY_QUERY query{};
  query.PropertyId = StorageDeviceProperty;
  query.QueryType = PropertyStandardQuery;
  alignas(STORAGE_DEVICE_DESCRIPTOR) std::array<char, 1024> answer{};
  if (!device.is_open() ||
      !query_device(device, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), answer.data(),
                    static_cast<DWORD>(answer.size() - 1))) {
    return {};
  }
  STORAGE_DEVICE_DESCRIPTOR info{};
  std::memcpy(&info, answer.data(), sizeof(info));
  std::string model;
  for (const DWORD at : {info.VendorIdOffset, info.ProductIdOffset}) {
    if (at == 0 || at >= answer.size()) continue;
    std::string part = answer.data() + at;
    part.erase(part.find_last_not_of(' ') + 1);
    part.erase(0, std::min(part.find_first_not_of(' '), part.size()));
    if (!part.empty()) model += (model.empty() ? "" : " ") + part;
  }
  return model;
}

// Whether seeks have a cost, which is so only for a rotating disk.
std::optional<bool> rotates(const std::string& disk) {
  if (disk.empty()) return std::nullopt;
  const File device = open_for_query(widen(disk));
  STORAGE_PROPERTY_QUERY query{};
  query.PropertyId = StorageDeviceSeekPenaltyProperty;
  query.QueryType = PropertyStandardQuery;
  DEVICE_SEEK_PENALTY_DESCRIPTOR answer{};
  if (!device.is_open() || !query_device(device, IOCTL_STORAGE_QUERY_PROPERTY, &query,
                                         sizeof(query), &answer, sizeof(answer))) {
    return std::nullopt;
  }
  return answer.IncursSeekPenalty != 0;
}

void read_sector_sizes(const std::wstring& path, StorageInfo& info) {
  const HANDLE handle =
      CreateFileW(path.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return;
  const File file = File::adopt(reinterpret_cast<NativeHandle>(handle), narrow(path));
  FILE_STORAGE_INFO answer{};
  if (!GetFileInformationByHandleEx(handle, FileStorageInfo, &answer, sizeof(answer))) return;
  info.logical_sector_bytes = answer.LogicalBytesPerSector;
  info.physical_sector_bytes = answer.PhysicalBytesPerSectorForPerformance;
}

}  // namespace

StorageInfo windows_storage(const std::wstring& path) {
  StorageInfo info;
  std::wstring root(std::max<std::size_t>(path.size() + 1, MAX_PATH), L'\0');
  if (!GetVolumePathNameW(path.c_str(), root.data(), static_cast<DWORD>(root.size()))) return info;
  root.resize(std::wcslen(root.c_str()));
  std::array<wchar_t, MAX_PATH + 1> system{};
  if (GetVolumeInformationW(root.c_str(), nullptr, 0, nullptr, nullptr, nullptr, system.data(),
                            static_cast<DWORD>(system.size()))) {
    info.file_system = narrow(system.data());
  }
  if (root.rfind(L"\\\\?\\UNC\\", 0) == 0) {
    root.replace(0, 7, L"\\");
  } else if (root.rfind(L"\\\\?\\", 0) == 0) {
    root.erase(0, 4);
  }
  info.mount = narrow(root);
  info.device = disk_of(root);
  info.model = model_of(info.device);
  info.rotational = rotates(info.device);
  read_sector_sizes(path, info);
  return info;
}

namespace {

constexpr double kFileTimeSeconds = 1e-7;

double seconds(const FILETIME& time) {
  ULARGE_INTEGER value;
  value.LowPart = time.dwLowDateTime;
  value.HighPart = time.dwHighDateTime;
  return static_cast<double>(value.QuadPart) * kFileTimeSeconds;
}

}  // namespace

CpuTime process_cpu_time() {
  FILETIME created{};
  FILETIME ended{};
  FILETIME kernel{};
  FILETIME user{};
  if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) return {};
  return {seconds(user), seconds(kernel)};
}

// The kernel time includes the idle time.
std::optional<SystemCpuTime> system_cpu_time() {
  FILETIME idle{};
  FILETIME kernel{};
  FILETIME user{};
  if (!GetSystemTimes(&idle, &kernel, &user)) return std::nullopt;
  const double all = seconds(kernel) + seconds(user);
  return SystemCpuTime{all - seconds(idle), all};
}

// Windows charges a whole clock interrupt to the thread that it interrupts. Wine returns the values
// of times(2).
double cpu_time_step_seconds() {
  constexpr double kWineStep = 0.01;
  constexpr double kUsualStep = 0.015625;
  if (under_wine()) return kWineStep;
  DWORD adjustment = 0;
  DWORD increment = 0;
  BOOL disabled = FALSE;
  if (!GetSystemTimeAdjustment(&adjustment, &increment, &disabled)) return kUsualStep;
  return static_cast<double>(increment) * kFileTimeSeconds;
}

namespace {

// Documented arguments of IsProcessorFeaturePresent() that older headers do not name.
constexpr DWORD kAvx2 = 40;
constexpr DWORD kAvx512 = 41;

}  // namespace

bool cpu_has_avx2() {
  return IsProcessorFeaturePresent(kAvx2) != 0;
}
bool cpu_has_avx512() {
  return IsProcessorFeaturePresent(kAvx512) != 0;
}

void cpu_relax() {
  YieldProcessor();
}

void wake_on_time() {}

Ticks now_ticks() {
  LARGE_INTEGER now;
  QueryPerformanceCounter(&now);  // cannot fail since Windows XP
  return static_cast<Ticks>(now.QuadPart);
}

double ns_per_tick() {
  static const double ratio = [] {
    LARGE_INTEGER per_second;
    QueryPerformanceFrequency(&per_second);
    return 1e9 / static_cast<double>(per_second.QuadPart);
  }();
  return ratio;
}

const char* clock_name() {
  return "QueryPerformanceCounter";
}

}  // namespace aiobench::os
