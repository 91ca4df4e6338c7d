// Linux paths under Wine. Wine takes a Linux path as it is behind \\?\unix, and only there: by any
// other way it turns it into a Windows path first, and refuses what Windows forbids in names.
#pragma once

#include <string>

namespace aiobench::platform {

// A Linux path that is not empty, absolute or relative, as \\?\unix\absolute\path. ".." takes the
// part before it away, also where that is a symbolic link. A relative path starts at
// $AIOBENCH_WORKING_FOLDER (a Linux path) where that is set, because Wine cannot have every Linux
// folder as its current one; else at the current folder.
std::wstring linux_form(const std::wstring& path);

// Z:\a\b -> /a/b, or wherever in Linux the drive of Wine's is.
std::string linux_name(const std::wstring& drive_path);

}  // namespace aiobench::platform
