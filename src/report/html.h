// Writes a report model as one self-contained HTML file with text, charts and tables. The page
// loads nothing from the network and forbids it by its Content-Security-Policy.
#pragma once

#include <string>
#include <string_view>

#include "report/report_model.h"

namespace aiobench::report {

// The model as JSON for the scripts of the page. It contains no "<", so that no text in it can end
// the script element that contains it.
std::string report_model_json(const ReportModel& model);

// The page. Equal models give identical bytes.
std::string html_page(const ReportModel& model);

// A source file of the page as embedded at build time (see cmake/embed.cmake); empty if there is
// none with this name.
std::string_view page_source(std::string_view name);

}  // namespace aiobench::report
