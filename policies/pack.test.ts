/**
 * The pack as a whole: what is in it, that its rules see something in our own stages, and that nothing in those stages
 * goes unjudged. What each rule says is proven beside it; what the real engine does with it, in engines/.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as marks from "@pulumi/policy/proxy";
import { realPack } from "../test/policy-pack/real-pack";
import { beforeFirstDeployment, stackOfGraph, stageGraph, STAGES } from "../test/policy-pack/stages";
import { readStage } from "../stacks/stage";
import { readStageFiles } from "../stacks/stage-files";
import { WAIVERS_HOLD } from "./core/policy";
import { examineAll } from "./core/examine";
import { addressOf, Stack, type Resource } from "./core/resource";
import type { Rule } from "./core/rule";
import { UNKNOWN, UNKNOWN_MARKS, type Properties } from "./core/value";
import { RULES } from "./pack";
import { WAIVERS } from "./waivers";

/** Rules that may see nothing in our stages yet: for what is built next, and for what only some teams have. */
const AHEAD: readonly string[] = [
  "athena-workgroups-set-the-rules",
  "cloudfront-distributions-speak-tls-only",
  "codebuild-builds-are-confined",
  "codepipeline-artifacts-use-our-key",
  "ecr-images-cannot-be-swapped",
  "ecs-containers-are-confined",
  "ecs-services-stay-inside",
  "emr-applications-are-bounded",
  "iam-users-hold-least-privilege",
  "msk-clusters-speak-tls-only",
  "redshift-warehouses-stay-inside",
  "secretsmanager-secrets-use-our-key",
  "sfn-state-machines-log-no-data",
  "tls-endpoints-speak-tls-1-2-or-newer",
];

/** Where leaving every property out is not what the rule is against: what is. */
const SEEDS: Readonly<Record<string, { readonly type: string; readonly properties: Properties }>> = {
  "apigateway-no-star-origin-with-credentials": {
    type: "aws:apigateway/integrationResponse:IntegrationResponse",
    properties: {
      responseParameters: {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Allow-Credentials": "'true'",
      },
    },
  },
  "iam-access-is-in-the-matrix": {
    type: "clickstream:iam:Role",
    properties: {
      statements: [{ sid: "New", actions: ["s3:DeleteBucket"], targets: [{ pattern: "arn:aws:s3:::*" }] }],
    },
  },
  "lambda-environments-hold-no-secrets": {
    type: "aws:lambda/function:Function",
    properties: { environment: { variables: { PASSWORD: "hunter2" } } },
  },
};

/** The release has a program, and so a matrix, of its own. */
const RELEASE_MATRIX = { "iam-access-is-in-the-matrix": { matrix: "../stacks/release-iam-matrix.txt" } };

/** Types that hold nothing a rule could be against, and why. */
const HARMLESS: Readonly<Record<string, string>> = {
  "pulumi:pulumi:Stack": "the stack itself",
  "pulumi:providers:aws": "judged through what it tags",
  "awsx:ec2:Vpc": "made elsewhere: its subnets have no way out by what infra/network asks of it",
  "aws:apigateway/account:Account": "names a role, which is judged",
  "aws:apigateway/deployment:Deployment": "a snapshot of what is judged",
  "aws:apigateway/integration:Integration": "names a role, which is judged",
  "aws:apigateway/methodResponse:MethodResponse": "declares headers, whose values are judged",
  "aws:apigateway/resource:Resource": "a path",
  "aws:cloudwatch/dashboard:Dashboard": "a picture",
  "aws:cloudwatch/eventRule:EventRule": "a clock",
  "aws:cloudwatch/eventTarget:EventTarget": "names a function, whose permission is judged",
  "aws:cloudwatch/logStream:LogStream": "part of a log group, which is judged",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "a threshold",
  "aws:codebuild/webhook:Webhook": "starts a project, which is judged",
  "aws:codeconnections/connection:Connection": "a link, which a person confirms",
  "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": "names a role, which is judged",
  "aws:cognito/user:User": "its password is a secret input",
  "aws:cognito/userPoolClient:UserPoolClient": "public by design: a page in a browser keeps no secret",
  "aws:kms/alias:Alias": "a name",
  "aws:s3/bucketObjectv2:BucketObjectv2": "an object in a bucket, which is judged",
  "aws:sns/topicSubscription:TopicSubscription": "who is told is a stage's own choice",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "what may go out is bounded by subnets without a way out",
  "aws:wafv2/webAclAssociation:WebAclAssociation": "a link",
};

describe("The pack", () => {
  it("has these rules, and says so to the engine", async () => {
    const policies = await (await realPack()).policies();
    assert.deepEqual(
      policies.map(({ name, severity, kind, level }) => `${name} ${severity} ${kind} ${level}`),
      readFileSync(join(__dirname, "pack.txt"), "utf8").trim().split("\n"),
      "policies/pack.txt pins the pack: a rule that comes, goes or changes its weight shows in its diff",
    );
  });

  it("describes each rule: a claim, a fix, a page", () => {
    const names = RULES.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, description, fix, url, types } of RULES) {
      assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.match(description, /^[A-Z].*\.$/, name);
      assert.ok(fix.length > 10 && !fix.endsWith("."), name);
      assert.match(url, /^https:\/\//, name);
      assert.ok(types.length > 0, name);
    }
  });

  it("judges types that the provider has", () => {
    for (const type of new Set(RULES.flatMap(({ types }) => types))) {
      const [pkg, module = "", noun = ""] = type.split(/[:/]/).filter((_, index) => index !== 2);
      if (pkg !== "aws") continue; // components are ours
      const resource = (aws as unknown as Record<string, Record<string, { __pulumiType?: string }>>)[module]?.[
        type.split(":").at(-1) ?? noun
      ];
      assert.equal(resource?.__pulumiType, type);
    }
  });

  it("knows every mark of an unknown value that the SDK knows", () => {
    const known = Object.entries(marks).filter(([name]) => /^unknown[A-Z]\w*Value$/.test(name));
    assert.deepEqual(new Set(known.map(([, mark]) => mark)), UNKNOWN_MARKS);
  });
});

describe("The pack on our own stages", () => {
  const stacks = new Map<string, Stack>();
  before(async () => {
    for (const stage of STAGES) stacks.set(stage, stackOfGraph(await stageGraph(stage)));
  });
  const everywhere = (): Resource[] => [...stacks.values()].flatMap(({ resources }) => resources);

  const configsOf = (stage: string): Record<string, Properties> => {
    const config = JSON.parse(readFileSync(join(__dirname, `config/${stage}.json`), "utf8")) as Record<string, unknown>;
    const told = Object.entries(config).filter(([, value]) => typeof value === "object");
    return Object.fromEntries(told as [string, Properties][]);
  };

  it("finds nothing that no waiver covers", () => {
    const kept = (stage: string): boolean =>
      readStage(stage, readStageFiles(join(__dirname, ".."), stage)).durability === "kept";
    for (const stage of STAGES) {
      const stack = stacks.get(stage) ?? assert.fail(stage);
      const rules = RULES.filter(({ keptOnly = false }) => !keptOnly || kept(stage));
      assert.deepEqual(
        examineAll(rules, stack, configsOf(stage)).map(({ rule, urn, message }) => `${rule} ${urn}: ${message}`),
        [],
        stage,
      );
    }
  });

  it("has nothing unproven before the first deployment, and finds then what it would find after it", async () => {
    for (const stage of STAGES) {
      const stack = beforeFirstDeployment(await stageGraph(stage));
      assert.ok(
        JSON.stringify(stack.resources, (_, value: unknown) => (value === UNKNOWN ? "(?)" : value)).includes("(?)"),
      );
      const rules = RULES.filter(({ keptOnly = false }) => !keptOnly);
      assert.deepEqual(
        examineAll(rules, stack, configsOf(stage)).map(
          ({ rule, urn, message }) => `${rule} ${urn.split("::").at(-1)}: ${message}`,
        ),
        [],
        stage,
      );
      const opened = new Stack(stack.resources.map(widened));
      const found = new Set(examineAll(rules, opened).map(({ check }) => check));
      assert.ok(found.has("write-unscoped"), "the star beside what is not known");
    }
  });

  for (const rule of RULES) {
    it(`${rule.name} would find what is wrong in one of them, unless it is ahead of them`, () => {
      const present = new Set(everywhere().map(({ type }) => type));
      if (AHEAD.includes(rule.name) && !rule.types.some((type) => present.has(type))) return;
      const found = [...stacks.values()].flatMap((stack) => examineAll([rule], spoil(stack, rule)));
      assert.ok(found.length > 0, "it saw nothing: no resource, or nothing it looks at");
    });
  }

  it("leaves no type of resource unjudged without a reason", () => {
    const judged = new Set([...RULES.flatMap(({ types }) => types), ...COMPANIONS]);
    const types = [...new Set(everywhere().map(({ type }) => type))].filter((type) => !type.startsWith("clickstream:"));
    const unjudged = types.filter((type) => !judged.has(type) && HARMLESS[type] === undefined);
    assert.deepEqual(unjudged, [], "write a rule, or say in HARMLESS why there is none");
    const leftovers = Object.keys(HARMLESS).filter((type) => judged.has(type));
    assert.deepEqual(leftovers, [], "judged by now");
  });

  it("has waivers only for resources that some stage has", () => {
    const addresses = new Set(everywhere().map(addressOf));
    assert.deepEqual(
      WAIVERS.filter(({ resource }) => !addresses.has(resource)),
      [],
    );
    assert.equal(WAIVERS_HOLD.types.length, 0);
  });

  it("is mandatory where state is kept, and a note elsewhere", () => {
    for (const stage of STAGES) {
      const config = JSON.parse(readFileSync(join(__dirname, "config", `${stage}.json`), "utf8")) as Record<
        string,
        string
      >;
      const { durability } = readStage(stage, readStageFiles(join(__dirname, ".."), stage));
      const keptOnly = RULES.filter((rule) => rule.keptOnly === true).map(({ name }) => name);
      const remedies = RULES.filter((rule) => "remediate" in rule).map(({ name }) => name);
      const expected =
        durability === "kept"
          ? { all: "mandatory", ...(stage === "release" ? RELEASE_MATRIX : {}) }
          : {
              all: "advisory",
              ...Object.fromEntries(remedies.map((name) => [name, "remediate"])),
              ...Object.fromEntries(keptOnly.map((name) => [name, "disabled"])),
            };
      assert.deepEqual(config, expected, stage);
    }
  });
});

/** Settings that AWS keeps in resources of their own: judged with the resource they are about. */
const COMPANIONS = [
  "aws:apigateway/methodSettings:MethodSettings",
  "aws:apigateway/requestValidator:RequestValidator",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
];

/** Each role's first statement reaches everything, as well. */
function widened(resource: Resource): Resource {
  const { statements } = resource.properties;
  if (resource.type !== "clickstream:iam:Role" || !Array.isArray(statements)) return resource;
  const [first, ...others] = statements as readonly Properties[];
  const targets = [...(first?.["targets"] as readonly Properties[]), { arn: "*", pattern: "*" }];
  return { ...resource, properties: { ...resource.properties, statements: [{ ...first, targets }, ...others] } };
}

/** A stack in which everything that a rule judges has lost its properties, or got what the rule is against. */
function spoil(stack: Stack, { name, types }: Rule): Stack {
  const seed = SEEDS[name];
  return new Stack(
    stack.resources.map((resource) => {
      if (!types.includes(resource.type)) return resource;
      if (seed === undefined) return { ...resource, properties: {}, provider: undefined, protect: false };
      return seed.type === resource.type ? { ...resource, properties: seed.properties } : resource;
    }),
  );
}
