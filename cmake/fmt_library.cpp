// The code of fmt as a library, for the Windows build: Debian has fmt's headers, which any compiler
// can use, but no library of it for mingw. With FMT_HEADER_ONLY each source that formats anything
// would compile all of fmt again, about 2.5 CPU seconds each.
#include <fmt/format-inl.h>

// What fmt/format.h declares as instantiated elsewhere (fmt 9 and 10).
template auto fmt::detail::thousands_sep_impl<char>(fmt::detail::locale_ref)
    -> fmt::detail::thousands_sep_result<char>;
template auto fmt::detail::decimal_point_impl<char>(fmt::detail::locale_ref) -> char;
template void fmt::detail::vformat_to<char>(fmt::detail::buffer<char>&, fmt::string_view,
                                            fmt::format_args, fmt::detail::locale_ref);
