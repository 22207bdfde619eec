/**
 * Each rule: the smallest document it accuses, the place it points at, and the neighbour it leaves alone. Does not prove
 * that a rule is right about documents of another shape; the labelled documents measure that.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allow, identity } from "../corpus/labelled";
import { examineDocument } from "../examine-document";
import type { Finding } from "../finding";
import type { DocumentSubject } from "../subject";
import type { Document } from "./cases/case";
import { CONDITIONS } from "./cases/conditions";
import { FORMS } from "./cases/forms";
import { GRANTED } from "./cases/granted";
import { TRUSTED } from "./cases/trusted";
import { CHAPTERS } from "./index";
import { renderReference } from "./reference";

const CASES = [...GRANTED, ...TRUSTED, ...CONDITIONS, ...FORMS];

const examine = ({ kind, document }: Document, subject: Partial<DocumentSubject> = {}): readonly Finding[] =>
  examineDocument(document, { ...subject, kind });

describe("the rule", () => {
  for (const { rule, wrong, place, right, subject } of CASES) {
    it(`${rule} accuses what breaks it, at its place, and nothing beside it`, () => {
      const accused = examine(wrong, subject).filter((finding) => finding.rule === rule);
      assert.deepEqual(
        accused.map((finding) => finding.place),
        [place],
      );
      assert.deepEqual(examine(right, subject), []);
    });
  }
});

describe("the rules", () => {
  const all = CHAPTERS.flatMap(({ rules }) => rules);

  it("are each proven here, with the whole of a role, or where documents are compared", () => {
    const whole = [
      "managed-policy-broad",
      "pass-role-stronger",
      "pass-role-untrusting",
      "trust-differs-from-use",
      "new-access",
      "forbidden-access",
    ];
    const proven = [...CASES.map(({ rule }) => rule), ...whole];
    assert.deepEqual([...proven].sort(), all.map(({ id }) => id).sort());
  });

  it("say what they catch and why in a few words, and where more is said", () => {
    for (const { id, catches, why, documentation } of all) {
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(catches.length < 140 && !catches.endsWith("."), id);
      assert.match(why, /^[A-Z].*\.$/, id);
      assert.match(documentation, /^https:\/\/docs\.aws\.amazon\.com\//, id);
    }
  });

  it("are the ones on the page for people", () => {
    const page = readFileSync(join(__dirname, "../../../docs/iam-rules.md"), "utf8");
    assert.equal(
      page,
      renderReference(),
      "node -r ts-node/register policies/iam/rules/reference.ts > docs/iam-rules.md",
    );
  });

  it("make messages that say what, why and how to mend it", () => {
    const [finding] = examine(identity({ Sid: "Sends", ...allow(["sqs:SendMessage", "sqs:ListQueues"], "*") }));
    assert.deepEqual(finding, {
      rule: "write-unscoped",
      severity: "high",
      verdict: "violated",
      statement: "Sends",
      place: "Statement[0].Resource",
      actions: ["sqs:SendMessage"],
      resource: "*",
      message:
        "sqs:SendMessage is allowed on every resource. One mistake or stolen session can change or destroy all of them. " +
        "Fix: name the resources, like arn:aws:sqs:{Region}:{Account}:{QueueName}; leave sqs:ListQueues on * in a statement of its own.",
      documentation:
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_best-practices-least-privilege.html",
    });
  });
});
