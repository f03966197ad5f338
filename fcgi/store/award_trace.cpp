// SPDX-License-Identifier: Apache-2.0
#include "store/award_trace.hpp"

namespace scoreboard {

void add_spans(trace::Spans& spans, const Award& award, const AwardTimes& times) {
  const auto parent = trace::parse_traceparent(award.traceparent);
  if (!parent || !parent->sampled) return;
  trace::Span waiting{.trace_id = parent->trace_id,
                      .span_id = trace::new_span_id(),
                      .parent_id = parent->span_id,
                      .service = "scoreboard-worker",
                      .name = "wait for a committer",
                      .began = times.queued,
                      .ended = times.taken};
  trace::Span transaction{
      .trace_id = parent->trace_id,
      .span_id = trace::new_span_id(),
      .parent_id = parent->span_id,
      .service = "scoreboard-worker",
      .name = "commit batch",
      .kind = trace::Kind::client,
      .began = times.taken,
      .ended = times.ended,
      .failed = times.failed,
      .attributes = {{"db.operation.batch.size", static_cast<std::int64_t>(times.batch)}}};
  spans.add(std::move(waiting));
  spans.add(std::move(transaction));
}

}  // namespace scoreboard
