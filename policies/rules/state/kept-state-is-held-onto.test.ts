/** Does not prove that an engine holds onto it; `retainOnDelete` is invisible to policies (stacks/graph.test.ts sees it). */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { keptStateIsHeldOnto } from "./kept-state-is-held-onto";

proveRule(keptStateIsHeldOnto, {
  right: [
    { type: "aws:dynamodb/table:Table", properties: { deletionProtectionEnabled: true }, protect: true },
    { type: "aws:s3/bucket:Bucket", name: "bucket", properties: { forceDestroy: false }, protect: true },
    { type: "aws:kinesis/stream:Stream", name: "stream", properties: {}, protect: true },
  ],
  cases: [
    {
      when: "an update may delete it",
      of: "stream",
      protect: false,
      says: ["the resource option protect must be true, got false"],
    },
    {
      when: "a call may delete it",
      set: { deletionProtectionEnabled: false },
      says: ["deletionProtectionEnabled must be true, got false"],
    },
    {
      when: "it would be emptied",
      of: "bucket",
      set: { forceDestroy: true },
      says: ["forceDestroy must be false, got true"],
    },
    {
      when: "whether a call may delete it is not known",
      set: { deletionProtectionEnabled: UNKNOWN },
      says: [notKnown("deletionProtectionEnabled", "true")],
    },
  ],
});
