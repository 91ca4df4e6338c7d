#include "report/checksum_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace aiobench::report {
namespace {

struct Tag {
  std::string_view tag;
  std::string_view hash;
  std::size_t digits;
};

constexpr std::array<Tag, 4> kTags = {{{"XXH128", "xxh128", 32},
                                       {"XXH32", "xxh32", 8},
                                       {"XXH64", "xxh64", 16},
                                       {"XXH3", "xxh3", 16}}};
constexpr std::string_view kXxh3Prefix = "XXH3_";

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string reverse_bytes(std::string_view hex) {
  std::string out;
  for (std::size_t at = hex.size(); at >= 2; at -= 2) out += hex.substr(at - 2, 2);
  return out;
}

bool needs_escape(std::string_view name) {
  return name.find_first_of("\\\n\r") != std::string_view::npos;
}

std::string escape(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

// Reverses escape(). Returns nothing if the name contains an escape that xxhsum does not write.
std::optional<std::string> unescape(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\') {
      out += name[i];
    } else if (++i < name.size() && (name[i] == '\\' || name[i] == 'n' || name[i] == 'r')) {
      out += name[i] == 'n' ? '\n' : name[i] == 'r' ? '\r' : '\\';
    } else {
      return std::nullopt;
    }
  }
  return out;
}

// "TAG (name) = HEX". The name may contain ") = ", so the digest follows the last one.
std::optional<ChecksumLine> parse_tagged(std::string_view line) {
  for (const Tag& tag : kTags) {
    if (line.substr(0, tag.tag.size()) != tag.tag) continue;
    std::string_view rest = line.substr(tag.tag.size());
    const bool little = rest.substr(0, 3) == "_LE";
    if (little) rest.remove_prefix(3);
    constexpr std::string_view kOpen = " (";
    constexpr std::string_view kClose = ") = ";
    const std::size_t close = rest.rfind(kClose);
    if (rest.substr(0, kOpen.size()) != kOpen || close == std::string_view::npos) continue;
    const std::string_view digest = rest.substr(close + kClose.size());
    if (digest.size() != tag.digits || !is_hex(digest) || close <= kOpen.size()) continue;
    const std::string_view path = rest.substr(kOpen.size(), close - kOpen.size());
    return ChecksumLine{std::string(tag.hash),
                        little ? lower(reverse_bytes(digest)) : lower(digest), std::string(path)};
  }
  return std::nullopt;
}

// "HEX  name" or "XXH3_HEX  name". The second separator may be '*', as other checksum tools write
// it.
std::optional<ChecksumLine> parse_plain(std::string_view line) {
  const bool xxh3 = line.substr(0, kXxh3Prefix.size()) == kXxh3Prefix;
  if (xxh3) line.remove_prefix(kXxh3Prefix.size());
  const std::size_t digits = std::min(line.find(' '), line.size());
  const std::string_view digest = line.substr(0, digits);
  const std::string_view rest = line.substr(digits);
  if (!is_hex(digest) || rest.size() < 3 || (rest[1] != ' ' && rest[1] != '*')) return std::nullopt;
  for (const Tag& tag : kTags) {
    if (digest.size() != tag.digits || xxh3 != (tag.tag == "XXH3")) continue;
    return ChecksumLine{std::string(tag.hash), lower(digest), std::string(rest.substr(2))};
  }
  return std::nullopt;
}

// "XXH64" for "xxh64".
std::string_view tag_of(std::string_view hash) {
  const auto tag =
      std::find_if(kTags.begin(), kTags.end(), [&](const Tag& each) { return each.hash == hash; });
  AIOBENCH_CHECK(tag != kTags.end());
  return tag->tag;
}

}  // namespace

std::string checksum_line(std::string_view hash, std::string_view digest, std::string_view path,
                          ChecksumForm form) {
  const char* const mark = needs_escape(path) ? "\\" : "";
  const std::string name = escape(path);
  if (form == ChecksumForm::bsd) {
    return fmt::format("{}{} ({}) = {}\n", mark, tag_of(hash), name, digest);
  }
  return fmt::format("{}{}{}  {}\n", mark, hash == "xxh3" ? kXxh3Prefix : "", digest, name);
}

std::string verdict_line(std::string_view path, std::string_view verdict) {
  return fmt::format("{}{}: {}\n", needs_escape(path) ? "\\" : "", escape(path), verdict);
}

std::optional<ChecksumLine> parse_checksum_line(std::string_view line) {
  const bool escaped = !line.empty() && line[0] == '\\';
  if (escaped) line.remove_prefix(1);
  std::optional<ChecksumLine> parsed = parse_tagged(line);
  if (!parsed) parsed = parse_plain(line);
  if (!parsed || !escaped) return parsed;
  const std::optional<std::string> path = unescape(parsed->path);
  if (!path) return std::nullopt;
  parsed->path = *path;
  return parsed;
}

ChecksumList parse_checksum_file(std::string_view text) {
  ChecksumList list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    if (std::optional<ChecksumLine> parsed = parse_checksum_line(line)) {
      list.lines.push_back(std::move(*parsed));
    } else {
      list.malformed_lines.push_back(number);
    }
  }
  return list;
}

}  // namespace aiobench::report
