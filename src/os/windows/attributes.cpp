#include "os/attributes.h"

#include <windows.h>

#include "os/system_error.h"

namespace aiobench::platform {
namespace {

constexpr DWORD kCarriedOver = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN |
                               FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE;
// What else SetFileInformationByHandle() can set; the copy keeps its own.
constexpr DWORD kLeftAlone = FILE_ATTRIBUTE_NOT_CONTENT_INDEXED | FILE_ATTRIBUTE_TEMPORARY;

Result<FILE_BASIC_INFO> basic_facts(const File& file) {
  FILE_BASIC_INFO facts{};
  if (GetFileInformationByHandleEx(reinterpret_cast<HANDLE>(file.handle()), FileBasicInfo, &facts,
                                   sizeof(facts))) {
    return facts;
  }
  return system_error("examine", file.path(), last_error());
}

}  // namespace

// A read-only file can be renamed, but neither replaced nor removed: see remove_own_file().
Status copy_attributes(const File& from, const File& to) {
  Result<FILE_BASIC_INFO> source = basic_facts(from);
  if (!source) return source.take_error();
  Result<FILE_BASIC_INFO> own = basic_facts(to);
  if (!own) return own.take_error();
  FILE_BASIC_INFO wanted{};  // a time of 0 is left as it is: when the copy was made
  wanted.LastAccessTime = source->LastAccessTime;
  wanted.LastWriteTime = source->LastWriteTime;
  wanted.FileAttributes =
      (source->FileAttributes & kCarriedOver) | (own->FileAttributes & kLeftAlone);
  // 0 would leave the attributes as they are.
  if (wanted.FileAttributes == 0) wanted.FileAttributes = FILE_ATTRIBUTE_NORMAL;
  if (SetFileInformationByHandle(reinterpret_cast<HANDLE>(to.handle()), FileBasicInfo, &wanted,
                                 sizeof(wanted))) {
    return {};
  }
  return system_error("set the attributes of", to.path(), last_error());
}

}  // namespace aiobench::platform
