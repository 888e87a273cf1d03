// SPDX-License-Identifier: Apache-2.0
// The checker's thread and comparison.
#include "train/check.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace hilbert::train {
namespace {

std::uint32_t code_at(const std::vector<std::byte>& codes, std::size_t index, std::size_t bytes) {
  std::uint32_t code = 0;
  std::memcpy(&code, codes.data() + index * bytes, bytes);
  return code;
}

}  // namespace

MismatchError::MismatchError(ProductPtr product, const std::string& what)
    : Error(ExitCode::check_failed, what, fmt::format("step {}, product {}", product->step, product->name)),
      product_(std::move(product)) {}

void check_product(const ProductPtr& product) {
  const Product& p = *product;
  const model::GemmResult expected = model::gemm(p.job, p.a, p.b, p.c);
  const std::string name = model::to_string(p.job.d);
  if (p.d.size() != expected.d.size()) {
    throw MismatchError(product, fmt::format("the result has {} bytes instead of {}", p.d.size(), expected.d.size()));
  }
  if (p.d != expected.d) {
    const std::size_t bytes = model::element_bytes(p.job.d.format), count = p.d.size() / bytes;
    std::size_t wrong = 0, first = 0;
    for (std::size_t i = count; i-- > 0;) {
      if (code_at(p.d, i, bytes) == code_at(expected.d, i, bytes)) continue;
      ++wrong;
      first = i;
    }
    throw MismatchError(product, fmt::format("{} of {} elements differ from the reference model's, the first at ({}, "
                                             "{}): {} code {:#x}, the model says {:#x}",
                                             wrong, count, first / p.job.n, first % p.job.n, name,
                                             code_at(p.d, first, bytes), code_at(expected.d, first, bytes)));
  }
  if (!(p.flags == expected.flags)) {
    throw MismatchError(product, fmt::format("the flags are {}, the reference model's {}", model::to_string(p.flags),
                                             model::to_string(expected.flags)));
  }
}

ProductChecker::ProductChecker() {
  if (!threads_.start([this] { work(); })) tell_fewer_threads(1, 2);
}

ProductChecker::~ProductChecker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

void ProductChecker::submit(ProductPtr product) {
  if (threads_.count() == 0) {
    check_product(product);
    ++checked_;
    return;
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < most_waiting || failure_; });
  if (failure_) std::rethrow_exception(failure_);
  waiting_.push_back(std::move(product));
  changed_.notify_all();
}

void ProductChecker::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return (waiting_.empty() && !busy_) || failure_; });
  if (failure_) std::rethrow_exception(failure_);
}

std::uint64_t ProductChecker::checked() const {
  const std::lock_guard lock(mutex_);
  return checked_;
}

void ProductChecker::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return !waiting_.empty() || stop_; });
    if (stop_) return;
    const ProductPtr product = std::move(waiting_.front());
    waiting_.pop_front();
    busy_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
      check_product(product);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    busy_ = false;
    if (failure) {
      failure_ = failure;
      waiting_.clear();
    } else {
      ++checked_;
    }
    changed_.notify_all();
    if (failure) return;
  }
}

}  // namespace hilbert::train
