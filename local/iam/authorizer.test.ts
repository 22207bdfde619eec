/**
 * The gate as the stage uses it: registered policies, remembered decisions, the ledger of a run.
 * Does not prove that a service asks for the right action and resource; each service's tests do.
 */
import assert from "node:assert/strict";
import { type AttachedDocument, Authorizer } from "./authorizer";
import { parseDocument } from "./document";
import { anonymous, federated, iamUser, roleSession, service } from "./principal";
import { compileDocument } from "./statement";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/writer`;
const STREAM = `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/clicks`;
const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:enrich`;
const BUCKET = "arn:aws:s3:::lake";
const API = `arn:aws:execute-api:eu-west-1:${ACCOUNT}:abc123`;
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:failures`;
const session = roleSession(ROLE, "run");

function attached(source: string, ...Statement: readonly object[]): AttachedDocument {
  return { source, document: JSON.stringify({ Version: "2012-10-17", Statement }) };
}

const mayPut = attached("writer / inline", {
  Sid: "Put",
  Effect: "Allow",
  Action: "kinesis:PutRecord",
  Resource: STREAM,
});
const lambdaMayAssume = attached("writer / trust", {
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});

function stage(): Authorizer {
  const authorizer = new Authorizer({ account: ACCOUNT });
  authorizer.addPrincipal(ROLE, {
    identity: [{ ...mayPut, reasons: new Map([["Put", "puts events"]]) }],
    trust: lambdaMayAssume,
    name: "urn:writer",
  });
  return authorizer;
}

describe("the authorizer", () => {
  it("decides by the policies of the session's role", () => {
    const authorizer = stage();
    assert.equal(
      authorizer.authorize({ principal: session, action: "kinesis:PutRecord", resource: STREAM }).allowed,
      true,
    );
    assert.equal(
      authorizer.authorize({ principal: session, action: "kinesis:GetRecords", resource: STREAM }).allowed,
      false,
    );
  });

  it("remembers a decision for the same caller, action and resource, and for no other", () => {
    const authorizer = stage();
    const put = { principal: session, action: "kinesis:PutRecord", resource: STREAM };
    const decision = authorizer.authorize(put);
    assert.equal(authorizer.authorize({ ...put }), decision);
    assert.equal(authorizer.authorize({ ...put, resource: `${STREAM}2` }).allowed, false);
    assert.equal(authorizer.authorize({ ...put, action: "kinesis:PutRecords" }).allowed, false);
    assert.equal(authorizer.authorize({ ...put, principal: roleSession(`${ROLE}2`, "run") }).allowed, false);
    assert.equal(authorizer.authorize({ ...put, principal: authorizer.operator }).allowed, true);
  });

  it("remembers no decision that rests on the context of the call", () => {
    const authorizer = stage();
    authorizer.addResourcePolicy(
      FUNCTION,
      attached("enrich / policy", {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: FUNCTION,
        Condition: { ArnLike: { "AWS:SourceArn": BUCKET } },
      }),
    );
    const invoke = { principal: service("s3.amazonaws.com"), action: "lambda:InvokeFunction", resource: FUNCTION };
    assert.equal(authorizer.authorize({ ...invoke, context: { "aws:SourceArn": BUCKET } }).allowed, true);
    assert.equal(
      authorizer.authorize({ ...invoke, context: { "aws:SourceArn": "arn:aws:s3:::other" } }).allowed,
      false,
    );
    assert.equal(authorizer.authorize(invoke).allowed, false);
    assert.equal(authorizer.authorize({ ...invoke, context: { "aws:SourceArn": BUCKET } }).allowed, true);
  });

  it("forgets decisions when a policy is added", () => {
    const authorizer = stage();
    const get = { principal: session, action: "s3:GetObject", resource: `${BUCKET}/raw/1` };
    assert.equal(authorizer.authorize(get).allowed, false);
    authorizer.addResourcePolicy(
      BUCKET,
      attached("lake / policy", {
        Effect: "Allow",
        Principal: { AWS: ROLE },
        Action: "s3:GetObject",
        Resource: `${BUCKET}/*`,
      }),
    );
    assert.equal(authorizer.authorize(get).allowed, true);
    authorizer.addResourcePolicy(
      BUCKET,
      attached("lake / policy 2", { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `${BUCKET}/*` }),
    );
    assert.equal(authorizer.authorize(get).allowed, false);
  });

  it("remembers without end of resources in bounded space", () => {
    const authorizer = stage();
    for (let number = 0; number < 45_000; number++) {
      assert.equal(
        authorizer.authorize({ principal: session, action: "s3:GetObject", resource: `${BUCKET}/${number}` }).allowed,
        false,
      );
    }
    assert.equal(
      authorizer.authorize({ principal: session, action: "kinesis:PutRecord", resource: STREAM }).allowed,
      true,
    );
  });

  it("takes resources whose ARN names no account for the stage's own", () => {
    const authorizer = stage();
    const OTHER = "arn:aws:iam::999999999999:role/reader";
    authorizer.addPrincipal(OTHER, {
      identity: [attached("reader", { Effect: "Allow", Action: "s3:*", Resource: "*" })],
    });
    const get = { principal: roleSession(OTHER, "run"), action: "s3:GetObject", resource: `${BUCKET}/1` };
    assert.deepEqual(authorizer.authorize(get), {
      allowed: false,
      outcome: "implicit",
      policy: "resource",
      conditional: false,
    });
    authorizer.addResourcePolicy(
      BUCKET,
      attached("lake", {
        Effect: "Allow",
        Principal: { AWS: "999999999999" },
        Action: "s3:GetObject",
        Resource: `${BUCKET}/*`,
      }),
    );
    assert.equal(authorizer.authorize(get).allowed, true);
    assert.equal(authorizer.authorize({ ...get, resourceAccount: "999999999999" }).allowed, true);
  });

  it("holds objects to their bucket's policy and methods to their API's, and nothing else to its parent's", () => {
    const authorizer = stage();
    const open = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
    for (const arn of [BUCKET, API, QUEUE]) authorizer.addResourcePolicy(arn, attached(arn, open));
    const may = (action: string, resource: string): boolean =>
      authorizer.authorize({ principal: anonymous, action, resource }).allowed;
    assert.equal(may("s3:ListBucket", BUCKET), true);
    assert.equal(may("s3:GetObject", `${BUCKET}/a/b:c`), true);
    assert.equal(may("s3:GetObject", `${BUCKET}2/a`), false);
    assert.equal(may("execute-api:Invoke", `${API}/prod/POST/collect`), true);
    assert.equal(may("execute-api:Invoke", `${API}4/prod/POST/collect`), false);
    assert.equal(may("sqs:SendMessage", QUEUE), true);
    assert.equal(may("sqs:SendMessage", `${QUEUE}/inner`), false);
  });

  it("applies boundaries and session policies", () => {
    const authorizer = new Authorizer({ account: ACCOUNT });
    const everything = attached("inline", { Effect: "Allow", Action: "*", Resource: "*" });
    const onlyS3 = attached("boundary", { Effect: "Allow", Action: "s3:*", Resource: "*" });
    authorizer.addPrincipal(ROLE, { identity: [everything], boundary: onlyS3 });
    const reading = parseDocument({ Statement: { Effect: "Allow", Action: "s3:Get*", Resource: "*" } }, "identity");
    const narrowed = roleSession(ROLE, "narrowed", { policies: [compileDocument("session", reading)] });
    const outcome = (principal = session, action = "s3:PutObject"): unknown => {
      const decision = authorizer.authorize({ principal, action, resource: `${BUCKET}/1` });
      return decision.allowed || decision.policy;
    };
    assert.equal(outcome(), true);
    assert.equal(outcome(session, "sns:Publish"), "boundary");
    assert.equal(outcome(narrowed, "s3:GetObject"), true);
    assert.equal(outcome(narrowed), "session");
  });

  it("lets a role be assumed by whom its trust policy names", () => {
    const authorizer = stage();
    assert.equal(authorizer.assumeRole(service("lambda.amazonaws.com"), ROLE).allowed, true);
    for (const caller of [
      service("sns.amazonaws.com"),
      session,
      authorizer.operator,
      anonymous,
      federated("accounts.google.com"),
    ]) {
      const decision = authorizer.assumeRole(caller, ROLE);
      assert.deepEqual(decision, { allowed: false, outcome: "implicit", policy: "trust", conditional: false });
    }
    assert.equal(authorizer.assumeRole(service("lambda.amazonaws.com"), `${ROLE}2`).allowed, false);
  });

  it("asks for the action that fits the caller who assumes a role", () => {
    const authorizer = new Authorizer({ account: ACCOUNT });
    const provider = `arn:aws:iam::${ACCOUNT}:saml-provider/idp`;
    authorizer.addPrincipal(ROLE, {
      identity: [],
      trust: attached(
        "trust",
        {
          Effect: "Allow",
          Principal: { Federated: "accounts.google.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { "accounts.google.com:aud": "app" } },
        },
        { Effect: "Allow", Principal: { Federated: provider }, Action: "sts:AssumeRoleWithSAML" },
      ),
    });
    assert.equal(
      authorizer.assumeRole(federated("accounts.google.com"), ROLE, { "accounts.google.com:aud": "app" }).allowed,
      true,
    );
    assert.equal(authorizer.assumeRole(federated("accounts.google.com"), ROLE).allowed, false);
    assert.equal(authorizer.assumeRole(federated(provider), ROLE).allowed, true);
  });

  it("does not take a trust policy for a grant to change the role", () => {
    const authorizer = stage();
    const trusted = service("lambda.amazonaws.com");
    assert.equal(authorizer.authorize({ principal: trusted, action: "iam:PassRole", resource: ROLE }).allowed, false);
  });

  it("knows users by their ARN", () => {
    const authorizer = stage();
    const ann = `arn:aws:iam::${ACCOUNT}:user/ann`;
    const home = attached("ann", { Effect: "Allow", Action: "s3:GetObject", Resource: `${BUCKET}/\${aws:username}/*` });
    authorizer.addPrincipal(ann, { identity: [home] });
    const may = (resource: string): boolean =>
      authorizer.authorize({ principal: iamUser(ann), action: "s3:GetObject", resource }).allowed;
    assert.equal(may(`${BUCKET}/ann/1`), true);
    assert.equal(may(`${BUCKET}/bob/1`), false);
  });
});

describe("the authorizer's ledger", () => {
  it("records grants, use and denials under the names given, of remembered decisions too", () => {
    const authorizer = stage();
    authorizer.assumeRole(service("lambda.amazonaws.com"), ROLE);
    for (let time = 0; time < 3; time++) {
      authorizer.authorize({ principal: session, action: "kinesis:PutRecord", resource: STREAM });
      authorizer.authorize({ principal: session, action: "kinesis:GetRecords", resource: STREAM });
    }
    const put = {
      action: "kinesis:PutRecord",
      resource: STREAM,
      statement: "writer / inline: Put",
      reason: "puts events",
    };
    const assume = { action: "sts:AssumeRole", resource: "(the resource itself)", statement: "writer / trust: #0" };
    const message = `User: ${session.arn} is not authorized to perform: kinesis:GetRecords on resource: ${STREAM} because no identity-based policy allows the kinesis:GetRecords action`;
    assert.deepEqual(authorizer.ledger.report(), {
      roles: [
        {
          role: "urn:writer",
          granted: [put],
          used: [put],
          unused: [],
          denied: [{ action: "kinesis:GetRecords", resource: STREAM, message, count: 3 }],
        },
      ],
      resources: [{ resource: "urn:writer", granted: [assume], used: [assume], unused: [] }],
    });
  });

  it("credits nothing to the operator, whose calls prove no grant needed", () => {
    const authorizer = stage();
    authorizer.addResourcePolicy(
      BUCKET,
      attached("lake", { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }),
      "urn:lake",
    );
    const get = { action: "s3:GetObject", resource: `${BUCKET}/1` };
    authorizer.authorize({ ...get, principal: authorizer.operator });
    assert.deepEqual(authorizer.ledger.report().resources[0]?.used, []);
    authorizer.authorize({ ...get, principal: session });
    assert.deepEqual(authorizer.ledger.report().resources[0]?.used.length, 1);
  });

  it("records callers that nobody registered by their ARN", () => {
    const authorizer = stage();
    authorizer.authorize({ principal: anonymous, action: "s3:GetObject", resource: `${BUCKET}/1` });
    authorizer.authorize({
      principal: roleSession(`${ROLE}2`, "run"),
      action: "s3:GetObject",
      resource: `${BUCKET}/1`,
    });
    assert.deepEqual(
      authorizer.ledger.report().roles.map(({ role }) => role),
      ["anonymous", `${ROLE}2`, "urn:writer"],
    );
  });
});

describe("the authorizer refuses", () => {
  const cases: readonly [name: string, act: () => unknown, message: string][] = [
    ["an account that is none", () => new Authorizer({ account: "1" }), 'account: got "1", allowed 12 digits'],
    [
      "a principal that is neither role nor user",
      () => stage().addPrincipal(BUCKET, { identity: [] }),
      `principal: got "${BUCKET}", allowed the ARN of a role or user, like arn:aws:iam::123456789012:role/name`,
    ],
    [
      "a principal twice",
      () => stage().addPrincipal(ROLE, { identity: [] }),
      `principal: got "${ROLE}", allowed each role and user once`,
    ],
    [
      "a trust policy on a user",
      () => stage().addPrincipal(`arn:aws:iam::${ACCOUNT}:user/ann`, { identity: [], trust: lambdaMayAssume }),
      `writer / trust: got "arn:aws:iam::${ACCOUNT}:user/ann", allowed a trust policy on a role only`,
    ],
    [
      "a resource that is no ARN",
      () => stage().addResourcePolicy("lake", mayPut),
      'writer / inline: got "lake", allowed the ARN of the resource',
    ],
    [
      "a document that is not understood, naming it",
      () => stage().addResourcePolicy(BUCKET, mayPut),
      "writer / inline: Statement[0].Principal: got nothing, allowed a Principal, or a NotPrincipal, not both",
    ],
  ];
  for (const [name, act, message] of cases) it(name, () => assert.throws(act, { message }));

  it("a principal with a bad document as a whole", () => {
    const authorizer = new Authorizer({ account: ACCOUNT });
    assert.throws(
      () => authorizer.addPrincipal(ROLE, { identity: [mayPut], trust: mayPut }),
      /writer \/ inline: Statement\[0\]: got "Resource"/,
    );
    assert.deepEqual(authorizer.ledger.report(), { roles: [], resources: [] });
    assert.equal(
      authorizer.authorize({ principal: session, action: "kinesis:PutRecord", resource: STREAM }).allowed,
      false,
    );
  });
});
