// Wine made ready for the Windows build: environment, prefix, server.
#pragma once

#include <string>

#include "base/error.h"

namespace aiobench::platform {

struct WineTools {
  std::string wine;    // the loader: runs a Windows program
  std::string server;  // wineserver; may be empty
};

Result<WineTools> find_wine();

// What `wine --version` says, without "wine-": "8.0 (Debian 8.0~repack-4)"; empty if it fails.
std::string wine_version(const WineTools& tools);

// Sets this process's environment for Wine, makes the prefix in `folder` on first use (with a
// line on stderr) and starts Wine's server where none runs.
Status prepare_wine(const WineTools& tools, const std::string& folder);

}  // namespace aiobench::platform
