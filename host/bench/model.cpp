// SPDX-License-Identifier: Apache-2.0
// Speed of the reference model, with the verilated array beside it.
#include <fmt/format.h>

#include "bench/product.hpp"
#include "bench/suites.hpp"
#if HILBERT_HAS_SIM
#include "bench/saturated_device.hpp"
#endif

namespace hilbert::bench {

void measure_model(const SuiteOptions& options) {
  constexpr std::uint32_t m = 128, n = 128, k = 4096;
  std::vector<Product> products;
  for (const char* format : {"bf16", "cf8_143:7", "cf8_152:15", "e4m3", "e5m2", "int8"}) {
    products.emplace_back(m, n, k, *model::parse_format(format), 4u);
  }
  for (const unsigned depth : {2u, 1u}) products.emplace_back(m, n, k, model::FormatSpec{model::Format::bf16}, depth);
  std::vector<Side> sides;
  for (const Product& p : products) {
    const Product part(m, n, k / 32, p.job.a, p.job.depth);  // the definition is slow
    const model::GemmResult by_definition = model::gemm_reference(part.job, part.a, part.b);
    part.require(by_definition.d, by_definition.flags, "model::gemm");
    sides.push_back({fmt::format("model {}, Depth {}", model::to_string(p.job.a), p.job.depth),
                     [&p] {
                       (void)model::gemm(p.job, p.a, p.b);
                       return p.macs();
                     },
                     {}});
  }
  Table table("Reference model", {{"M MAC/s", 1, 1e-6}, {"over the first", 3}});
  for (const Measured& measured : side_by_side(sides, options.rounds)) {
    table.row(measured.name, {measured.rate, measured.ratio});
  }
  table.note(fmt::format("{}x{}x{} to fp32 on one core", m, n, k));
  options.report(table);

#if HILBERT_HAS_SIM
  // Each chip beside the model of its own Depth and nothing else, so that neighbours in time are compared.
  Table beside("Verilated array over reference model", {{"M MAC/s", 1, 1e-6}, {"ratio", 4}});
  for (const std::string& name : options.chips) {
    SaturatedDevice chip("sim:" + name);
    const Product p(m, n, k, {model::Format::bf16}, chip.job().depth);
    const std::vector<Measured> both = side_by_side({{fmt::format("model bf16, Depth {}", p.job.depth),
                                                      [&p] {
                                                        (void)model::gemm(p.job, p.a, p.b);
                                                        return p.macs();
                                                      },
                                                      {}},
                                                     {fmt::format("sim:{} bf16, GEMM in every clock", name),
                                                      [&chip] { return chip.run().macs; }, [&chip] { chip.refill(); }}},
                                                    options.rounds);
    for (const Measured& measured : both) beside.row(measured.name, {measured.rate, measured.ratio});
  }
  options.report(beside);
#endif
}

}  // namespace hilbert::bench
