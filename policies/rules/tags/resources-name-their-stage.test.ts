/** Does not prove that AWS puts the tags on. */
import assert from "node:assert/strict";
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { stackOf, type Sample } from "../../../test/policy-pack/sample";
import type { Properties } from "../../core/value";
import { resourcesNameTheirStage } from "./resources-name-their-stage";

const TAGS = {
  "clickstream:project": "clickstream",
  "clickstream:stage": "test",
  "clickstream:managed-by": "pulumi",
};
const TOPIC = "aws:sns/topic:Topic";

proveRule(resourcesNameTheirStage, {
  right: [
    { type: TOPIC, properties: {}, provider: { defaultTags: JSON.stringify({ tags: TAGS }) } },
    { type: TOPIC, name: "own", properties: { tags: TAGS } },
  ],
  cases: [
    {
      when: "one tag is missing",
      of: "own",
      set: { tags: { "clickstream:project": "clickstream", "clickstream:stage": "test" } },
      says: ["tags must name clickstream:managed-by"],
    },
    {
      when: "the tags are not known",
      of: "own",
      set: { tags: UNKNOWN },
      says: ["its tags, or those of its provider, are not known before deployment"],
    },
  ],
});

describe("The remedy of a missing tag", () => {
  const remedy = (sample: Pick<Sample, "properties" | "provider">): Properties | undefined => {
    const [topic] = stackOf([{ type: TOPIC, ...sample }]).resources;
    return topic === undefined ? assert.fail() : resourcesNameTheirStage.remediate?.(topic);
  };

  it("adds what the URN tells to what is there, and changes nothing where nothing is missing", () => {
    assert.deepEqual(remedy({ properties: { tags: { team: "a", "clickstream:stage": "test" } } }), {
      tags: { team: "a", ...TAGS },
    });
    assert.equal(remedy({ properties: { tags: TAGS } }), undefined);
    assert.equal(remedy({ properties: {}, provider: { defaultTags: JSON.stringify({ tags: TAGS }) } }), undefined);
    assert.equal(remedy({ properties: { tags: UNKNOWN } }), undefined);
  });
});
