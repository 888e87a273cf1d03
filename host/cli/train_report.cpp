// SPDX-License-Identifier: Apache-2.0
// A training as text, JSON and HTML.
#include "train_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <hilbert/text.hpp>
#include <nlohmann/json.hpp>

#include "report/html.hpp"
#include "report/json_text.hpp"
#include "report_text.hpp"

namespace hilbert::cli {
namespace {

std::string format_name(const TrainReport& r) { return r.options.format == train::NumberFormat::bf16 ? "bf16" : "cf8"; }
double seconds(const TrainReport& r) { return r.train_seconds + r.test_seconds; }
double macs_per_second(const TrainReport& r) {
  return seconds(r) > 0 ? static_cast<double>(r.work.macs) / seconds(r) : 0;
}
bool tested(const TrainReport& r) { return r.test.count != 0; }
std::string weights(const TrainReport& r) { return fmt::format("{:#018x}", r.weights); }
std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

/// Mean over the `window` steps around each.
std::vector<report::Point> smooth(const std::vector<report::Point>& points, std::size_t window) {
  std::vector<report::Point> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t half = std::min({window / 2, i, points.size() - 1 - i});
    double sum = 0;
    for (std::size_t j = i - half; j <= i + half; ++j) sum += points[j].y;
    out.push_back({points[i].x, sum / static_cast<double>(2 * half + 1)});
  }
  return out;
}

report::Chart chart(const TrainReport& r, std::string title, double train::StepResult::*what, double test,
                    std::string test_name) {
  std::vector<report::Point> points;
  for (const train::StepResult& s : r.history) points.push_back({static_cast<double>(s.step + 1), s.*what});
  const std::size_t window = std::max<std::size_t>(r.history.size() / 20, 1);
  report::Chart c;
  c.title = std::move(title);
  c.x_label = "step";
  c.series.push_back({"single batches", points, report::Line::faint});
  c.series.push_back({fmt::format("mean of about {} batches", window), smooth(points, window), report::Line::bold});
  if (tested(r)) {
    c.series.push_back(
        {std::move(test_name), {{points.front().x, test}, {points.back().x, test}}, report::Line::dashed});
  }
  return c;
}

}  // namespace

std::string to_text(const TrainReport& r) {
  std::string text =
      tested(r) ? fmt::format("test accuracy {} ({} of {} images), loss {:.4f}, weights {}\n",
                              percent(r.test.accuracy()), r.test.correct, r.test.count, r.test.mean_loss(), weights(r))
                : fmt::format("not tested; weights {}\n", weights(r));
  text +=
      r.checked == r.products ? fmt::format("all {} products equal the reference model's, bit for bit\n", r.products)
      : r.checked != 0 ? fmt::format("{} of {} products equal the reference model's, the others were not compared\n",
                                     r.checked, r.products)
                       : fmt::format("{}, not compared with the reference model\n", counted(r.products, "product"));
  if (r.resumed_at != 0)
    text += fmt::format("{} done before; of the others:\n",
                        r.resumed_at == 1 ? "1 step was" : fmt::format("{} steps were", r.resumed_at));
  text +=
      fmt::format("{:.1f} s ({:.1f} training, {:.1f} testing), {:.1f} M multiply-accumulates/s on {} {}\n", seconds(r),
                  r.train_seconds, r.test_seconds, macs_per_second(r) / 1e6, r.devices, printable(r.device.uri));
  return text + to_text(r.work);
}

std::string to_json(const TrainReport& r) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array(), losses = steps, accuracies = steps;
  for (const train::StepResult& s : r.history) {
    steps.push_back(s.step + 1);
    losses.push_back(s.loss);
    accuracies.push_back(s.accuracy);
  }
  nlohmann::ordered_json json{{"hilbert", HILBERT_VERSION}, {"complete", r.ended.empty()}};
  if (!r.ended.empty()) json["ended"] = r.ended;
  json["parameters"] = {{"format", format_name(r)}, {"hidden", r.options.hidden}, {"batch", r.options.batch},
                        {"steps", r.options.steps}, {"rate", r.options.rate},     {"seed", r.options.seed}};
  json["history"] = {{"step", steps}, {"loss", losses}, {"accuracy", accuracies}};
  if (tested(r)) {
    json["test"] = {{"images", r.test.count},
                    {"correct", r.test.correct},
                    {"accuracy", r.test.accuracy()},
                    {"loss", r.test.mean_loss()}};
  }
  json["weights"] = weights(r);
  json["products"] = r.products;
  json["macs"] = r.macs;
  json["check"] = r.checked == r.products ? "every product equals the reference model's"
                  : r.checked == 0        ? "none"
                                          : fmt::format("{} products equal the reference model's", r.checked);
  json["run"] = {{"device", r.device.uri},
                 {"devices", r.devices},
                 {"geometry", to_json(r.device.geometry)},
                 {"resumed_at", r.resumed_at},
                 {"seconds", seconds(r)},
                 {"train_seconds", r.train_seconds},
                 {"test_seconds", r.test_seconds},
                 {"macs_per_second", macs_per_second(r)},
                 {"report", to_json(r.work)}};
  return report::json_text(json);
}

std::string to_html(const TrainReport& r) {
  const auto& g = r.device.geometry;
  report::Page page;
  page.title = fmt::format("Fashion-MNIST in {} on {}", format_name(r), r.device.uri);
  page.lead = fmt::format(
      "A {} network trained on the tile: every matrix product, forward and backward, ran on {}{}. The host did softmax "
      "and Adam in float32.",
      fmt::format("{}-{}-{}", r.inputs, r.options.hidden, r.classes), r.device.description,
      r.checked == r.products ? ", and each equals the reference model's, bit for bit" : "");
  if (!r.ended.empty()) page.lead = fmt::format("Incomplete: {}. {}", r.ended, page.lead);
  page.headline = {{fmt::format("{:.2f} G", static_cast<double>(r.macs) / 1e9), "multiply-accumulates"},
                   {fmt::format("{:.1f} s", seconds(r)), "wall time"}};
  if (tested(r)) {
    page.headline.insert(page.headline.begin(),
                         {percent(r.test.accuracy()), fmt::format("of {} test images right", r.test.count)});
  }
  if (r.work.clocks != 0) page.headline.push_back({percent(r.work.utilisation()), "of the array's capacity used"});
  page.charts = {chart(r, "Loss (cross-entropy, nats)", &train::StepResult::loss, r.test.mean_loss(), "test images"),
                 chart(r, "Accuracy", &train::StepResult::accuracy, r.test.accuracy(), "test images")};
  page.charts[1].percent = true;
  page.charts[1].y_range = {0, 1};
  page.tables = {{"Parameters",
                  {{"format", format_name(r)},
                   {"hidden units", std::to_string(r.options.hidden)},
                   {"images in a batch", std::to_string(r.options.batch)},
                   {"steps", std::to_string(r.options.steps)},
                   {"learning rate (Adam)", fmt::format("{} falling to 0", r.options.rate)},
                   {"seed", std::to_string(r.options.seed)}}},
                 {"Results",
                  {{"test accuracy",
                    tested(r) ? fmt::format("{} ({} of {})", percent(r.test.accuracy()), r.test.correct, r.test.count)
                              : "not tested"},
                   {"test loss", tested(r) ? fmt::format("{:.4f}", r.test.mean_loss()) : "not tested"},
                   {"weights", weights(r)},
                   {"products", std::to_string(r.products)},
                   {"compared with the model", r.checked == r.products ? "all, every bit equal"
                                               : r.checked == 0        ? "none"
                                                                : fmt::format("{}, every bit equal", r.checked)}}},
                 {"Device",
                  {{"device", fmt::format("{} x {}", r.devices, r.device.uri)},
                   {"array", fmt::format("{} x {} cells of depth {}", g.rows, g.cols, g.depth)},
                   {"memory", fmt::format("{} banks of {} bytes", g.banks, g.bank_bytes)},
                   {"jobs", std::to_string(r.work.jobs)},
                   {"clocks, all devices", r.work.clocks == 0 ? "not counted" : std::to_string(r.work.clocks)},
                   {"array used", r.work.clocks == 0 ? "not counted" : percent(r.work.utilisation())},
                   {"bytes up, down", fmt::format("{}, {}", r.work.bytes_up, r.work.bytes_down)},
                   {"memory errors", fmt::format("{} corrected, {} computed again", r.work.corrected,
                                                 counted(r.work.retries, "block"))}}},
                 {"Time",
                  {{"training", fmt::format("{:.1f} s", r.train_seconds)},
                   {"testing", fmt::format("{:.1f} s", r.test_seconds)},
                   {"multiply-accumulates/s", fmt::format("{:.1f} M", macs_per_second(r) / 1e6)}}}};
  return report::to_html(page);
}

}  // namespace hilbert::cli
