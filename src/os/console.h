// The terminal, and the command line as UTF-8. Sources: isatty(3), TIOCGWINSZ;
// GetCommandLineW, CommandLineToArgvW, GetConsoleMode in the Win32 reference.
#pragma once

#include <string>
#include <vector>

namespace aiobench::platform {

// Before anything is opened: a closed standard stream stays unusable instead of becoming the next
// file's. UTF-8 out, and no change of line ends on Windows, where stdout would turn \n into \r\n.
void prepare_console();

// The arguments without the program's name, in UTF-8 on Windows, byte for byte on Linux.
std::vector<std::string> arguments(int argc, char** argv);

bool stdout_is_terminal();
bool stderr_is_terminal();

// Whether that stream is a terminal that does what escape sequences say. Of the kind of the
// terminal (TERM) nothing is asked.
bool stdout_takes_escapes();
bool stderr_takes_escapes();

// Whether terminals show UTF-8, as the locale or the console has it.
bool terminals_show_utf8();

// Columns of the terminal behind stderr, or 80.
unsigned terminal_columns();

// The value of an environment variable, or empty.
std::string environment(const char* name);

}  // namespace aiobench::platform
