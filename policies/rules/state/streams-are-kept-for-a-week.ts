import { atLeast } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

const WEEK = 168;

export const streamsAreKeptForAWeek: ResourceRule = {
  name: "state-streams-are-kept-for-a-week",
  description: "Where state is kept, a stream can be read again after a long weekend and the repair that follows it.",
  severity: "medium",
  fix: "set streamRetention to 7 days or more",
  url: "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
  types: ["aws:kinesis/stream:Stream"],
  keptOnly: true,
  check(_, examination) {
    examination.expect("retentionPeriod", atLeast(WEEK, "hours"));
  },
};
