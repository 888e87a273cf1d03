// SPDX-License-Identifier: Apache-2.0
// What a clock means to disturbed runs, those that begin in it and those that live on alike.
#pragma once

#include "campaign/sweep.hpp"

namespace hilbert::campaign {

template <class Nets, class BitsOf, class IdOf>
Lanes Sweep::ended(const Lanes& live, Nets nets, BitsOf bits_of, IdOf id_of) {
  Lanes left = live;
  for (const Watch& watch : trace_.scenario().watches) {
    const bool done = watch.then == Watch::Then::done;
    const Lanes differs = nets(watch.net);
    const Lanes hit = (done ? differs ^ moment_.mask(watch.net) : differs) & left;
    for_each(hit, [&](unsigned lane) {
      ledger_.decide(id_of(lane),
                     done ? verdicts_.done(moment_, bits_of(lane)) : Verdict{outcome_of(watch.then), now(), 0});
    });
    left &= ~hit;
  }
  return live & ~left;
}

template <class EachRow, class BitsOf, class IdOf>
Lanes Sweep::retire(const Lanes& live, const Lanes& in_memory, EachRow each_row, BitsOf bits_of, IdOf id_of) {
  Lanes once = no_lanes(), twice = no_lanes();
  each_row([&](std::uint32_t, const Lanes& lanes) {
    twice |= once & lanes;
    once |= lanes;
  });
  const std::uint32_t next = now() + 1;
  for_each(live & ~once & ~in_memory, [&](unsigned lane) {
    const std::uint32_t done = next <= trace_.end() ? next : trace_.next_done(next);
    if (next <= trace_.end()) {
      ledger_.decide(id_of(lane), {Outcome::masked, next, 0});
    } else if (done == trace_.budget()) {
      ledger_.decide(id_of(lane), {Outcome::hang, done, 0});
    } else {
      as_golden_[done].push_back(id_of(lane));
    }
  });
  if (next > trace_.end()) return live & (once | in_memory);  // no upsets any more that it could be
  for_each(live & ~once & in_memory, [&](unsigned lane) { park(id_of(lane), bits_of(lane)); });
  const Lanes several = once & (twice | in_memory);
  const Lanes single = live & once & ~several;
  if (any(single)) {
    each_row([&](std::uint32_t flip_flop, const Lanes& lanes) {
      for_each(lanes & single, [&](unsigned lane) { on_single(id_of(lane), next, flip_flop); });
    });
  }
  return live & several;
}

}  // namespace hilbert::campaign
