// Shares of a whole, as users type them.
#pragma once

#include <string_view>

#include "base/error.h"

namespace aiobench {

// "5%", "2.5 %" or "0.05" -> 0.05: with the sign it is of a hundred. Both limits included; the
// error names them.
Result<double> parse_share(std::string_view text, double least, double most);

}  // namespace aiobench
