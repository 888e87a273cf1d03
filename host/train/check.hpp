// SPDX-License-Identifier: Apache-2.0
// Every product against the reference model, in a thread of its own while the device computes the next.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>

#include <hilbert/error.hpp>
#include <hilbert/threads.hpp>

#include "train/products.hpp"

namespace hilbert::train {

/// A product of which the reference model gives other bits (exit code 1).
class MismatchError : public Error {
 public:
  MismatchError(ProductPtr product, const std::string& what);
  [[nodiscard]] const Product& product() const noexcept { return *product_; }

 private:
  ProductPtr product_;
};

/// Computes the product again with model::gemm; MismatchError naming step, product and first wrong element, or the
/// flags, unless every bit is equal.
void check_product(const ProductPtr& product);

/// Where the machine has no thread for it, the caller's own compares.
class ProductChecker {
 public:
  ProductChecker();
  ~ProductChecker();
  ProductChecker(const ProductChecker&) = delete;
  ProductChecker& operator=(const ProductChecker&) = delete;

  /// Hands a product over; waits if the checker is many behind. Throws what an earlier product was found guilty of.
  void submit(ProductPtr product);
  /// Waits until all are checked; throws like submit().
  void finish();
  /// Products found right so far.
  [[nodiscard]] std::uint64_t checked() const;

 private:
  static constexpr std::size_t most_waiting = 8;

  void work();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ProductPtr> waiting_;
  std::exception_ptr failure_;
  std::uint64_t checked_ = 0;
  bool busy_ = false, stop_ = false;
  Threads threads_;  // last: it uses the others
};

}  // namespace hilbert::train
