// The code of fmt as a library, for the Windows build. Debian has fmt's headers, which every
// compiler can use, but no library for mingw. With FMT_HEADER_ONLY each source that formats
// anything would compile all of fmt again, which takes about 2.5 CPU seconds.
#include <fmt/format-inl.h>

// Instantiates the templates that fmt/format.h declares extern (fmt 9 and 10).
template auto fmt::detail::thousands_sep_impl<char>(fmt::detail::locale_ref)
    -> fmt::detail::thousands_sep_result<char>;
template auto fmt::detail::decimal_point_impl<char>(fmt::detail::locale_ref) -> char;
template void fmt::detail::vformat_to<char>(fmt::detail::buffer<char>&, fmt::string_view,
                                            fmt::format_args, fmt::detail::locale_ref);
