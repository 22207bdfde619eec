/** How much an ARN pattern takes in, and how patterns compare. Does not prove what AWS does with patterns of odd forms. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { catalogue } from "../catalogue/catalogue";
import { arnsMeet, type Breadth, breadthOf, matchesArn, resourceHolds, resourcesMeet } from "./arn";

const ACCOUNT = "111122223333";

describe("the breadth of a resource pattern", () => {
  const cases: readonly [action: string, pattern: string, breadth: Breadth][] = [
    ["s3:GetObject", "*", "everything"],
    ["s3:GetObject", "arn:aws:s3:::*", "everything"],
    ["s3:GetObject", "arn:aws:s3:::*/*", "everything"],
    ["s3:GetObject", "arn:*:*:*:*:*", "everything"],
    ["s3:GetObject", "arn:aws:s3:::lake/*", "named"],
    ["s3:GetObject", "arn:aws:s3:::lake*", "named"],
    ["s3:GetObject", "arn:aws:s3:::*/raw/*", "named"],
    ["s3:GetObject", "arn:aws:s3:::lake", "nothing"],
    ["s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*", "named"],
    ["s3:ListBucket", "arn:aws:s3:::lake/*", "nothing"],
    ["s3:ListBucket", "arn:aws:s3:::*", "everything"],
    ["s3:ListBucket", "arn:aws:s3:::${aws:username}", "named"],
    ["dynamodb:Query", `arn:aws:dynamodb:*:${ACCOUNT}:table/*`, "account"],
    ["dynamodb:Query", "arn:aws:dynamodb:*:*:table/*", "everything"],
    ["dynamodb:Query", "arn:aws:dynamodb:eu-west-1:*:table/a/index/*", "named"],
    ["dynamodb:DeleteTable", `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/a/index/b`, "nothing"],
    ["kinesis:PutRecord", "arn:aws:kinesis:eu-west-1:*:stream/*", "account"],
    ["kinesis:PutRecord", "arn:aws:kinesis*", "everything"],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`, "account"],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/app/*`, "named"],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:user/a`, "nothing"],
    ["glue:GetTable", `arn:aws:glue:eu-west-1:${ACCOUNT}:catalog`, "named"],
    ["sqs:SendMessage", `arn:aws-cn:sqs:cn-north-1:${ACCOUNT}:q`, "named"],
  ];
  for (const [id, pattern, breadth] of cases) {
    it(`${pattern} is ${breadth} for ${id}`, () => {
      const action = catalogue().action(id);
      assert.ok(action);
      assert.equal(breadthOf(pattern, action), breadth);
    });
  }

  it("never grows when a pattern is narrowed", () => {
    const order: readonly Breadth[] = ["nothing", "named", "account", "everything"];
    const part = fc.constantFrom("*", "eu-west-1", ACCOUNT, "", "a*");
    const rest = fc.constantFrom("*", "table/*", "table/a*", "table/a", "stream/*", "a/*");
    const service = fc.constantFrom("dynamodb", "kinesis", "s3", "*");
    const arn = fc
      .tuple(service, part, part, rest)
      .map(([name, region, account, last]) => `arn:aws:${name}:${region}:${account}:${last}`);
    const actions = ["dynamodb:Query", "kinesis:PutRecord", "s3:GetObject"].flatMap(
      (id) => catalogue().action(id) ?? [],
    );
    fc.assert(
      fc.property(arn, arn, fc.constantFrom(...actions), (outer, inner, action) => {
        fc.pre(resourceHolds(outer, inner));
        assert.ok(order.indexOf(breadthOf(inner, action)) <= order.indexOf(breadthOf(outer, action)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("resource patterns", () => {
  it("hold and meet each other as sets of ARNs", () => {
    assert.equal(resourceHolds("arn:aws:s3:::a/*", "arn:aws:s3:::a/b/*"), true);
    assert.equal(resourceHolds("arn:aws:s3:::a/b/*", "arn:aws:s3:::a/*"), false);
    assert.equal(resourceHolds("arn:aws:s3:::home/*", "arn:aws:s3:::home/${aws:username}/*"), true);
    assert.equal(resourceHolds("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/ann/*"), false);
    assert.equal(resourcesMeet("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/ann/*"), true);
    assert.equal(resourcesMeet("arn:aws:s3:::a*", "arn:aws:s3:::b*"), false);
    assert.equal(arnsMeet("arn:aws:iam::*:role/shop-*", "arn:*:iam::*:role/release-*"), false);
    assert.equal(arnsMeet("arn:aws:iam::*:role/shop-*", "arn:*:iam::*:role/*-detect"), true);
    assert.equal(arnsMeet("*", "arn:aws:iam::000000000000:role/detect"), true);
  });

  it("stay within their part where they open, and reach across where they close", () => {
    const arn = `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`;
    assert.equal(matchesArn("arn:aws:sqs:*:q", arn, false), false);
    assert.equal(matchesArn("arn:aws:sqs:*:q", arn, true), true);
    assert.equal(matchesArn("arn:aws:*:*:*:q", arn, false), true);
  });
});
