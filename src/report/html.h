// An model as one HTML file: text, charts and tables, with all that they need in it. It asks for
// nothing from a network, and tells a browser not to allow any.
#pragma once

#include <string>
#include <string_view>

#include "report/report_model.h"

namespace aiobench::report {

// The model as the page's scripts read it: JSON without any "<", so that no text in it can end
// the element it stands in.
std::string report_model_json(const ReportModel& model);

// The page. Equal models give equal bytes.
std::string html_page(const ReportModel& model);

// The page's own sources, by their file names, as they were when the program was built (see
// cmake/embed.cmake); empty where there is none of that name.
std::string_view page_source(std::string_view name);

}  // namespace aiobench::report
