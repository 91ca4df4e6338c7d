#include "os/host.h"

#include <fmt/core.h>
#include <windows.h>

#include <array>
#include <bit>

#include "os/clock.h"
#include "os/windows/storage.h"
#include "os/windows/path.h"
#include "os/windows/wine.h"

namespace aiobench::platform {
namespace {

// RtlGetVersion(): GetVersionEx() tells a program without the right manifest of an older Windows.
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

// An affinity mask has 64 bits: a machine with more processors has groups of them, and a process
// may run on all (since Windows 11).
unsigned cpus() {
  if (GetActiveProcessorGroupCount() > 1) return GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
  DWORD_PTR mine = 0;
  DWORD_PTR all = 0;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &mine, &all)) return 0;
  return static_cast<unsigned>(std::popcount(static_cast<std::uint64_t>(mine)));
}

}  // namespace

HostFacts host_facts() {
  HostFacts facts;
  facts.system = "Windows";
  facts.version = windows_version();
  facts.wine = wine_version();
  facts.cpu_model = cpu_model();
  facts.cpus = cpus();
  MEMORYSTATUSEX memory{};
  memory.dwLength = sizeof(memory);
  if (GlobalMemoryStatusEx(&memory)) facts.memory_bytes = memory.ullTotalPhys;
  facts.clock_step_ns = clock_step_ns();
  return facts;
}

StorageFacts storage_facts(const std::string& path) {
  const std::wstring wide = system_path(path);
  return under_wine() ? wine_storage(wide) : windows_storage(wide);
}

}  // namespace aiobench::platform
