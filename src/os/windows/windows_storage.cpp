#include <windows.h>
// After windows.h, which it needs.
#include <winioctl.h>

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <cwchar>

#include "os/file.h"
#include "os/windows/storage.h"
#include "os/windows/path.h"

namespace aiobench::platform {
namespace {

// A handle for questions only: with no access asked for, no special right is needed.
File open_to_ask(const std::wstring& device) {
  const HANDLE handle = CreateFileW(device.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                    OPEN_EXISTING, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return {};
  return File::adopt(reinterpret_cast<NativeHandle>(handle), narrow(device));
}

bool ask(const File& device, DWORD question, void* in, DWORD in_bytes, void* out, DWORD out_bytes) {
  DWORD returned = 0;
  return DeviceIoControl(reinterpret_cast<HANDLE>(device.handle()), question, in, in_bytes, out,
                         out_bytes, &returned, nullptr) != 0;
}

// "\\.\PhysicalDrive0" for the volume "C:\"; empty for a network share or a volume on many disks.
std::string disk_of(const std::wstring& root) {
  if (!has_drive(root)) return {};
  const File volume = open_to_ask(L"\\\\.\\" + root.substr(0, 2));
  STORAGE_DEVICE_NUMBER number{};
  if (!volume.is_open() ||
      !ask(volume, IOCTL_STORAGE_GET_DEVICE_NUMBER, nullptr, 0, &number, sizeof(number))) {
    return {};
  }
  return fmt::format("\\\\.\\PhysicalDrive{}", number.DeviceNumber);
}

// The maker's name and the product's, which are strings inside the answer.
std::string model_of(const std::string& disk) {
  if (disk.empty()) return {};
  const File device = open_to_ask(widen(disk));
  STORAGE_PROPERTY_QUERY query{};
  query.PropertyId = StorageDeviceProperty;
  query.QueryType = PropertyStandardQuery;
  alignas(STORAGE_DEVICE_DESCRIPTOR) std::array<char, 1024> answer{};
  if (!device.is_open() || !ask(device, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query),
                                answer.data(), static_cast<DWORD>(answer.size() - 1))) {
    return {};
  }
  STORAGE_DEVICE_DESCRIPTOR facts{};
  std::memcpy(&facts, answer.data(), sizeof(facts));
  std::string model;
  for (const DWORD at : {facts.VendorIdOffset, facts.ProductIdOffset}) {
    if (at == 0 || at >= answer.size()) continue;
    std::string part = answer.data() + at;
    part.erase(part.find_last_not_of(' ') + 1);
    part.erase(0, std::min(part.find_first_not_of(' '), part.size()));
    if (!part.empty()) model += (model.empty() ? "" : " ") + part;
  }
  return model;
}

// Whether the disk's arm has to move, which only a rotating one has.
std::optional<bool> rotates(const std::string& disk) {
  if (disk.empty()) return std::nullopt;
  const File device = open_to_ask(widen(disk));
  STORAGE_PROPERTY_QUERY query{};
  query.PropertyId = StorageDeviceSeekPenaltyProperty;
  query.QueryType = PropertyStandardQuery;
  DEVICE_SEEK_PENALTY_DESCRIPTOR answer{};
  if (!device.is_open() ||
      !ask(device, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), &answer, sizeof(answer))) {
    return std::nullopt;
  }
  return answer.IncursSeekPenalty != 0;
}

void ask_sectors(const std::wstring& path, StorageFacts& facts) {
  const HANDLE handle =
      CreateFileW(path.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return;
  const File file = File::adopt(reinterpret_cast<NativeHandle>(handle), narrow(path));
  FILE_STORAGE_INFO answer{};
  if (!GetFileInformationByHandleEx(handle, FileStorageInfo, &answer, sizeof(answer))) return;
  facts.logical_sector_bytes = answer.LogicalBytesPerSector;
  facts.physical_sector_bytes = answer.PhysicalBytesPerSectorForPerformance;
}

}  // namespace

StorageFacts windows_storage(const std::wstring& path) {
  StorageFacts facts;
  std::wstring root(std::max<std::size_t>(path.size() + 1, MAX_PATH), L'\0');
  if (!GetVolumePathNameW(path.c_str(), root.data(), static_cast<DWORD>(root.size()))) return facts;
  root.resize(std::wcslen(root.c_str()));
  std::array<wchar_t, MAX_PATH + 1> system{};
  if (GetVolumeInformationW(root.c_str(), nullptr, 0, nullptr, nullptr, nullptr, system.data(),
                            static_cast<DWORD>(system.size()))) {
    facts.file_system = narrow(system.data());
  }
  if (root.rfind(L"\\\\?\\UNC\\", 0) == 0) {
    root.replace(0, 7, L"\\");
  } else if (root.rfind(L"\\\\?\\", 0) == 0) {
    root.erase(0, 4);
  }
  facts.mount = narrow(root);
  facts.device = disk_of(root);
  facts.model = model_of(facts.device);
  facts.rotational = rotates(facts.device);
  ask_sectors(path, facts);
  return facts;
}

}  // namespace aiobench::platform
