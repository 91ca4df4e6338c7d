#include "engine/engine.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/units.h"

namespace aiobench::engine {
namespace {

const OptionRule* find(std::span<const OptionRule> rules, std::string_view name) {
  for (const OptionRule& rule : rules) {
    if (name == rule.name) return &rule;
  }
  return nullptr;
}

Error refuse(std::string_view engine, std::string cause, std::span<const OptionRule> rules) {
  return usage_error(fmt::format("use engine '{}'", engine), std::move(cause),
                     fmt::format("its options: {}", describe(rules)));
}

// Parses one "name" or "name=value" into `options`.
Status parse_one(std::string_view engine, std::string_view item, std::span<const OptionRule> rules,
                 Options& options) {
  const std::size_t equals = std::min(item.find('='), item.size());
  const std::string name(item.substr(0, equals));
  const OptionRule* const rule = find(rules, name);
  if (rule == nullptr) {
    return refuse(engine, fmt::format("it has no option '{}'", name), rules);
  }
  const bool has_value = equals < item.size();
  if (rule->max == 0) {
    if (has_value) return refuse(engine, fmt::format("option '{}' takes no value", name), rules);
    options.set(name);
    return {};
  }
  if (!has_value) {
    return refuse(engine, fmt::format("option '{}' needs a value", name), rules);
  }
  Result<std::uint64_t> value = parse_count(item.substr(equals + 1), rule->min, rule->max);
  if (!value) {
    return refuse(engine, fmt::format("option '{}': {}", name, value.error().cause), rules);
  }
  options.set(name, *value);
  return {};
}

}  // namespace

std::uint64_t Options::get(const std::string& name, std::uint64_t otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second.value_or(otherwise);
}

std::string Options::text() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    if (!text.empty()) text += ',';
    text += value ? fmt::format("{}={}", name, *value) : name;
  }
  return text;
}

std::string describe(std::span<const OptionRule> rules) {
  std::string text;
  for (const OptionRule& rule : rules) {
    if (!text.empty()) text += ", ";
    text += rule.name;
    if (rule.max != 0) text += fmt::format("=N ({} to {})", rule.min, rule.max);
  }
  return text.empty() ? "none" : text;
}

Result<Options> parse_options(std::string_view engine, std::string_view text,
                              std::span<const OptionRule> rules) {
  Options options;
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (Status parsed = parse_one(engine, text.substr(0, comma), rules, options); !parsed) {
      return parsed.take_error();
    }
    if (comma == text.size()) return options;
    text.remove_prefix(comma + 1);
  }
}

namespace {

// Adds to a counter that only the calling thread writes, so no locked instruction is needed.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
  counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_release);
}

}  // namespace

Request& Request::from_native(void* structure) {
  return *reinterpret_cast<Request*>(static_cast<std::byte*>(structure) -
                                     offsetof(Request, native));
}

Engine::Engine(const EngineConfig& config)
    : config_(config), counters_(std::make_unique<Counters[]>(config.threads)) {
  AIOBENCH_CHECK(config.depth >= 1 && config.threads >= 1);
}

Engine::~Engine() {
  AIOBENCH_CHECK(in_flight() == 0);
}

Result<const AttachedFile*> Engine::open(const std::string& path, os::OpenOptions options) {
  options.asynchronous = wants_asynchronous_handles();
  Result<os::File> file = os::File::open(path, options);
  if (!file) return file.take_error();
  return add_file(file.take(), options);
}

Result<const AttachedFile*> Engine::attach(os::File file) {
  return add_file(std::move(file), std::nullopt);
}

Result<const AttachedFile*> Engine::add_file(os::File file,
                                             std::optional<os::OpenOptions> opened_with) {
  auto attached = std::make_unique<AttachedFile>();
  attached->opened_with = opened_with;
  attached->file = std::move(file);
  attached->index = static_cast<unsigned>(files_.size());
  if (Result<std::uint64_t> bytes = attached->file.size()) attached->bytes = *bytes;
  if (Status status = do_attach(*attached); !status) return status.take_error();
  files_.push_back(std::move(attached));
  return static_cast<const AttachedFile*>(files_.back().get());
}

Status Engine::enter(unsigned worker) {
  AIOBENCH_CHECK(worker < config_.threads);
  return do_enter(worker);
}

void Engine::leave(unsigned worker) {
  do_leave(worker);
}

Outcome Engine::submit(unsigned worker, Request& request) {
  AIOBENCH_CHECK(request.state == Request::State::idle && request.file != nullptr);
  AIOBENCH_CHECK(request.bytes > 0 && request.bytes <= config_.block_bytes);
  request.state = Request::State::in_flight;
  request.transferred = 0;
  request.error = 0;
  request.done_in_call = false;
  request.data = request.buffer;
  request.mapping = nullptr;
  // Counted before the call: another thread may deliver the request before the call returns.
  Counters& counters = counters_[worker];
  add(counters.submitted, 1);
  const Outcome outcome = do_submit(worker, request);
  if (outcome == Outcome::finished || outcome == Outcome::failed) {
    add(counters.delivered, 1);
    request.state = Request::State::idle;
  }
  return outcome;
}

void Engine::flush(unsigned worker) {
  do_flush(worker);
}

void Engine::reap(unsigned worker, Wait wait, RequestQueue& completed) {
  RequestQueue batch;
  do_reap(worker, wait, batch);
  if (batch.empty()) return;
  add(counters_[worker].delivered, batch.size());
  const os::Ticks now = os::now_ticks();
  batch.for_each([now](Request& request) {
    AIOBENCH_CHECK(request.state == Request::State::in_flight);
    request.state = Request::State::idle;
    request.completed_ticks = now;
  });
  completed.append(batch);
}

void Engine::wake(unsigned worker) {
  do_wake(worker);
}

void Engine::cancel() {
  do_cancel();
}

void Engine::deliver_to(CompletionHost& host) {
  host_ = &host;
}

void Engine::deliver(Request& request) {
  AIOBENCH_CHECK(request.state == Request::State::in_flight && host_ != nullptr);
  request.state = Request::State::idle;
  request.completed_ticks = os::now_ticks();
  delivered_by_own_threads_.fetch_add(1, std::memory_order_acq_rel);
  host_->completed(request);
}

void Engine::quiesce() {
  AIOBENCH_CHECK(in_flight() == 0);
  do_quiesce();
}

std::uint64_t Engine::in_flight() const {
  // The delivered requests are read first. A request that is delivered between the two readings
  // then counts as in flight, and the difference is never negative.
  std::uint64_t delivered = delivered_by_own_threads_.load(std::memory_order_acquire);
  std::uint64_t submitted = 0;
  for (unsigned i = 0; i < config_.threads; ++i) {
    delivered += counters_[i].delivered.load(std::memory_order_acquire);
  }
  for (unsigned i = 0; i < config_.threads; ++i) {
    submitted += counters_[i].submitted.load(std::memory_order_acquire);
  }
  return submitted - delivered;
}

}  // namespace aiobench::engine
