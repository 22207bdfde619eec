/** Does not prove that Kinesis keeps records. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { streamsAreKeptForAWeek } from "./streams-are-kept-for-a-week";

proveRule(streamsAreKeptForAWeek, {
  right: [{ type: "aws:kinesis/stream:Stream", properties: { retentionPeriod: 168 } }],
  cases: [
    {
      when: "it forgets after a day",
      set: { retentionPeriod: 24 },
      says: ["retentionPeriod must be at least 168 hours, got 24"],
    },
    {
      when: "when it forgets is not known",
      set: { retentionPeriod: UNKNOWN },
      says: [notKnown("retentionPeriod", "at least 168 hours")],
    },
  ],
});
