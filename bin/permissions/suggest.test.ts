/** Suggestions on made-up grants. Does not prove that a run used everything a role will ever need. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { grantKey, type Grant } from "./matrix";
import { fewestStatements, renderSuggestion, suggest } from "./suggest";

const grant = (sid: string, action: string, resource: string, more: Partial<Grant> = {}): Grant => ({
  role: "alert",
  sid,
  action,
  resource,
  pattern: resource,
  reason: "tells people",
  idle: undefined,
  conditions: undefined,
  ...more,
});

describe("The suggested policy of a role", () => {
  it("is what the run used, in as few statements as say it", () => {
    const key = { conditions: { StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" } } };
    const grants = [
      grant("Use", "dynamodb:GetItem", "arn:table"),
      grant("Use", "dynamodb:PutItem", "arn:table"),
      grant("Use", "dynamodb:DeleteItem", "arn:table"),
      grant("Log", "logs:PutLogEvents", "arn:log-a"),
      grant("LogToo", "logs:PutLogEvents", "arn:log-b"),
      grant("Key", "kms:Decrypt", "arn:key", key),
      grant("Raw", "kms:Decrypt", "arn:key"),
      grant("Send", "sqs:SendMessage", "arn:queue", { idle: "only when a batch fails" }),
    ];
    const used = grants.filter(({ action }) => !/Delete|Send/.test(action)).map(grantKey);
    const denied = [{ role: "alert", action: "s3:GetObject", resource: "arn:bucket/x", message: "", count: 3 }];
    assert.deepEqual(suggest(grants, { used, denied }), [
      {
        role: "alert",
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Sid: "Use", Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: ["arn:table"] },
            { Sid: "Log", Effect: "Allow", Action: ["logs:PutLogEvents"], Resource: ["arn:log-a", "arn:log-b"] },
            { Sid: "Key", Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["arn:key"], Condition: key.conditions },
            { Sid: "Raw", Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["arn:key"] },
          ],
        },
        dropped: [
          { action: "dynamodb:DeleteItem", resource: "arn:table" },
          { action: "sqs:SendMessage", resource: "arn:queue", reason: "only when a batch fails" },
        ],
        missing: [{ action: "s3:GetObject", resource: "arn:bucket/x" }],
      },
    ]);
  });

  it("allows exactly the pairs of action and resource that were used, and has no Sid twice", () => {
    const letter = fc.constantFrom("a", "b", "c");
    const grants = fc.array(
      fc
        .tuple(letter, letter, letter, fc.boolean())
        .map(([sid, action, resource, conditional]) =>
          grant(
            sid,
            `s3:${action}`,
            resource,
            conditional ? { conditions: { Bool: { "aws:SecureTransport": "true" } } } : {},
          ),
        ),
    );
    fc.assert(
      fc.property(grants, (all) => {
        const statements = fewestStatements(all);
        const pairs = statements.flatMap(({ Action, Resource, Condition }) =>
          Action.flatMap((action) => Resource.map((resource) => JSON.stringify([action, resource, Condition ?? null]))),
        );
        const wanted = new Set(
          all.map(({ action, resource, conditions }) => JSON.stringify([action, resource, conditions ?? null])),
        );
        assert.deepEqual([...pairs].sort(), [...wanted].sort());
        assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
      }),
    );
  });

  it("is shown with what it leaves out, and why", () => {
    const [suggestion] = suggest(
      [
        grant("Send", "sqs:SendMessage", "arn:queue"),
        grant("Put", "s3:PutObject", "arn:x", { idle: "on failure only" }),
      ],
      { used: [], denied: [] },
    );
    assert.equal(
      suggestion && renderSuggestion(suggestion),
      [
        "alert",
        "  nothing: the run used none of its grants",
        "  without sqs:SendMessage on arn:queue: NEVER USED, AND NOTHING SAYS WHY",
        "  without s3:PutObject on arn:x: on failure only",
      ].join("\n"),
    );
  });
});
