/**
 * Callers: how they are made from ARNs and names, and what the request context holds about them.
 * Does not prove that AWS puts a key into every request where it is put here; unique ids (`aws:userid`) are left out.
 */
import assert from "node:assert/strict";
import { anonymous, federated, iamUser, operator, roleSession, service } from "./principal";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/writer`;

describe("a caller", () => {
  it("in a role's session has an ARN without the role's path, and the role's tags", () => {
    const session = roleSession(ROLE, "run-1", { tags: { Team: "clicks" } });
    assert.equal(session.arn, `arn:aws:sts::${ACCOUNT}:assumed-role/writer/run-1`);
    assert.deepEqual(Object.fromEntries(session.keys), {
      "aws:principalisawsservice": "false",
      "aws:principalarn": ROLE,
      "aws:principalaccount": ACCOUNT,
      "aws:principaltype": "AssumedRole",
      "aws:principaltag/team": "clicks",
    });
  });

  it("who is a user has a name without path", () => {
    assert.equal(iamUser(`arn:aws-cn:iam::${ACCOUNT}:user/team/ann`).keys.get("aws:username"), "ann");
  });

  it("who owns the stage is the user operator", () => {
    const owner = operator(ACCOUNT);
    assert.deepEqual([owner.kind, owner.arn], ["operator", `arn:aws:iam::${ACCOUNT}:user/operator`]);
  });

  it("that is a service has all its names", () => {
    const logs = service("logs.amazonaws.com", "eu-west-1");
    assert.deepEqual(logs.names, ["logs.amazonaws.com", "logs.eu-west-1.amazonaws.com"]);
    assert.deepEqual(logs.keys.get("aws:principalservicenameslist"), logs.names);
    assert.equal(logs.keys.get("aws:principalisawsservice"), "true");
  });

  it("without account says what is known", () => {
    assert.equal(federated("accounts.google.com").keys.get("aws:federatedprovider"), "accounts.google.com");
    assert.equal(anonymous.keys.get("aws:principaltype"), "Anonymous");
  });

  const refused: readonly [name: string, act: () => unknown, message: string][] = [
    [
      "a session of a user",
      () => roleSession(`arn:aws:iam::${ACCOUNT}:user/ann`, "run"),
      `role session: got "arn:aws:iam::${ACCOUNT}:user/ann", allowed the ARN of a role`,
    ],
    [
      "a session name with a slash",
      () => roleSession(ROLE, "a/b"),
      'role session: got "a/b", allowed 2 to 64 of A-Z a-z 0-9 _+=,.@-',
    ],
    [
      "a service that is none",
      () => service("lambda"),
      'service principal: got "lambda", allowed a name like lambda.amazonaws.com',
    ],
    [
      "an account of eleven digits",
      () => operator("12345678901"),
      'principal: got "arn:aws:iam::12345678901:user/operator", allowed the ARN of a role or user, like arn:aws:iam::123456789012:role/name',
    ],
  ];
  for (const [name, act, message] of refused) it(`is refused: ${name}`, () => assert.throws(act, { message }));
});
