/**
 * The whole graph of every committed stage. Does not prove that AWS accepts it, nor that the real engine sees the same
 * graph (the engines rung compares).
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPaths, isRecord, type Value } from "../local/graph/value";
import type { Graph, Resource } from "../local/graph/graph";
import { render } from "../test/stage";
import { INLINE_POLICY_LENGTH } from "../infra/core/limits";
import { platform, PLATFORM_NAMES } from "./platform";
import { release } from "./release";
import { readStage } from "./stage";
import { readStageFiles, stageNames } from "./stage-files";

const ROOT = join(__dirname, "..");
const STAGES = stageNames(ROOT).filter((name) => name !== "release");

/**
 * Everything in which stages may differ: a resource and property (`*`: the whole resource), and why. Whatever else differs
 * is a special case that nobody declared; whatever here never differs is a leftover.
 */
const SCALE_FACTS: readonly (readonly [resource: RegExp, property: RegExp, why: string])[] = [
  [/Stream::input$/, /^(shardCount|streamModeDetails|shardLevelMetrics)/, "inputShards"],
  [/Stream::(input|anomalies)$/, /^retentionPeriod$/, "streamRetention"],
  [/LogGroup::/, /^retentionInDays$/, "logRetention"],
  [/MethodSettings::beacons$/, /^settings\.throttling(Rate|Burst)Limit$/, "beaconRate, beaconBurst"],
  [/RequestFirewall/, /^\*$/, "beaconsPerAddress"],
  [/DataGenerator/, /^\*$/, "dataGenerator"],
  [/Vpc::network$/, /^numberOfAvailabilityZones$/, "availabilityZones"],
  [/(Function|VpcEndpoint)::/, /^((vpcConfig\.)?subnetIds|routeTableIds)\[\d+\]$/, "availabilityZones"],
  [/(Key|Stream|Bucket|Table|Queue)::/, /^options\.(protect|retainOnDelete)$/, "kept"],
  [/Bucket::/, /^forceDestroy$/, "kept"],
  [/Table::/, /^deletionProtectionEnabled$/, "kept"],
  [/providers:aws::aws$/, /^defaultTags$/, "a stage is tagged with its name"],
  [/Deployment::beacons$/, /^triggers\.definition$/, "it holds the name of the stage's stream"],
  [/Function::(detect|notice|alert)$/, /^environment\.variables\.METRIC_NAMESPACE$/, "metrics are told apart by stage"],
  [/Dashboard::dashboard$/, /^(dashboardName|dashboardBody)$/, "metrics are told apart by stage"],
];

const renderStage = (name: string): Promise<Graph> => {
  const { values, secretKeys } = readStageFiles(ROOT, name);
  const program = (): object => {
    const stage = readStage(name, { values, secretKeys });
    return { ...(stage.release === undefined ? platform(stage) : release(stage, stage.release)) };
  };
  return render(program, {
    stack: name,
    config: { ...values },
    secretKeys: [...secretKeys],
  });
};

/** Takes out what can only differ: the stage's name, and the ids and names that resources got. */
class Normaliser {
  readonly #physical: readonly (readonly [string, string])[];

  constructor(private readonly graph: Graph) {
    const named = graph.resources.flatMap(({ id, type, name, inputs, outputs }) => {
      const given = JSON.stringify(inputs);
      const answers = [id, ...Object.values(outputs)].filter((value) => typeof value === "string");
      return answers
        .filter((value) => value.length > 5 && !given.includes(JSON.stringify(value)))
        .map((value) => [value, `<${type}::${name}>`] as const);
    });
    this.#physical = named.sort(([one], [other]) => other.length - one.length);
  }

  of(text: string): string {
    const { stack } = this.graph;
    const anonymous = this.#physical.reduce((known, [value, token]) => known.replaceAll(value, token), text);
    return anonymous
      .replaceAll(`:${stack}::`, ":<stage>::")
      .replace(new RegExp(`clickstream-${stack}(?!\\w)`, "g"), "clickstream");
  }
}

/** Every leaf of what a resource was declared with, by path. */
function leavesOf({ inputs, options, kind }: Resource, normaliser: Normaliser): Map<string, string> {
  const { protect, retainOnDelete, dependsOn } = options;
  const declared: Value = { ...inputs, options: { protect, retainOnDelete, dependsOn: [...dependsOn].sort() }, kind };
  const leaves = findPaths(declared, (leaf) => !Array.isArray(leaf) && !isRecord(leaf));
  return new Map(leaves.map((path) => [path, normaliser.of(JSON.stringify(leafAt(declared, path)) ?? "")]));
}

function leafAt(value: Value, path: string): Value | undefined {
  const steps = path.match(/[^.[\]]+(?:\.[^.[\]]+)*?(?=\[|\.|$)|\d+(?=\])/g) ?? [];
  let node: Value | undefined = value;
  for (const step of steps)
    node = Array.isArray(node) ? (node as readonly Value[])[Number(step)] : isRecord(node) ? node[step] : undefined;
  return node;
}

function differences(a: Graph, b: Graph): Set<string> {
  const [ofA, ofB] = [new Normaliser(a), new Normaliser(b)];
  const left = new Map(a.resources.map((resource) => [ofA.of(resource.urn), resource]));
  const right = new Map(b.resources.map((resource) => [ofB.of(resource.urn), resource]));
  const found = new Set<string>();
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [one, other] = [left.get(key), right.get(key)];
    if (one === undefined || other === undefined) {
      found.add(`${key} *`);
      continue;
    }
    const [ours, theirs] = [leavesOf(one, ofA), leavesOf(other, ofB)];
    for (const path of new Set([...ours.keys(), ...theirs.keys()]))
      if (ours.get(path) !== theirs.get(path)) found.add(`${key} ${path}`);
  }
  return found;
}

describe("The graph of every stage", () => {
  const graphs = new Map<string, Graph>();
  before(async () => {
    for (const stage of [...STAGES, "release"]) graphs.set(stage, await renderStage(stage));
  });
  const graphOf = (stage: string): Graph => graphs.get(stage) ?? assert.fail(stage);

  it("is the same up to the declared scale facts", () => {
    const all = new Set(["dev", "prod"].flatMap((stage) => [...differences(graphOf("local"), graphOf(stage))]));
    const used = new Set<unknown>();
    const undeclared = [...all].filter((difference) => {
      const at = difference.lastIndexOf(" ");
      const [resource, property] = [difference.slice(0, at), difference.slice(at + 1)];
      const fact = SCALE_FACTS.find(([name, path]) => name.test(resource) && path.test(property));
      used.add(fact);
      return fact === undefined;
    });
    assert.deepEqual(undeclared, []);
    assert.deepEqual(
      SCALE_FACTS.filter((fact) => !used.has(fact)),
      [],
      "declared, and never different",
    );
  });

  it("keeps state protected and retained in prod, and nowhere else", () => {
    const held = (stage: string): string[] =>
      graphOf(stage)
        .resources.filter(({ options }) => options.protect || options.retainOnDelete)
        .map(({ type }) => type);
    const account = "aws:apigateway/account:Account";
    assert.deepEqual(held("dev"), [account]);
    assert.deepEqual([...new Set(held("prod"))].sort(), [
      account,
      "aws:dynamodb/table:Table",
      "aws:kinesis/stream:Stream",
      "aws:kms/key:Key",
      "aws:s3/bucket:Bucket",
      "aws:sqs/queue:Queue",
    ]);
  });

  it("gives every resource of the cloud an explicit provider, a line of ours, and a name of its own", () => {
    for (const stage of graphs.keys()) {
      for (const resource of graphOf(stage).resources) {
        if (resource.type.startsWith("pulumi:")) continue;
        assert.match(resource.source?.file ?? "nowhere", /^(infra|stacks)\//, resource.urn);
        if (resource.kind === "custom")
          assert.match(resource.options.provider ?? "", /pulumi:providers:aws::aws::/, resource.urn);
      }
    }
  });

  // Source: the service authorization reference; these actions name no resource type.
  const ON_ANYTHING: Readonly<Record<string, readonly string[]>> = {
    prod: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
    release: [
      ...["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult", "ec2:DescribeAvailabilityZones"],
      ...["ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribePrefixLists"],
      ...["ec2:DescribeRouteTables", "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"],
      ...["ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs"],
      ...["kinesis:DisableEnhancedMonitoring", "kinesis:EnableEnhancedMonitoring"],
      ...["kinesis:UpdateShardCount", "kinesis:UpdateStreamMode", "kms:CreateKey", "kms:ListAliases"],
      ...["lambda:CreateEventSourceMapping", "lambda:ListTags", "logs:CreateLogDelivery"],
      ...["logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies"],
      ...["logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery"],
    ],
  };

  for (const [stage, allowed] of Object.entries(ON_ANYTHING)) {
    it(`lets no role of ${stage} hold a wildcard action, and any resource only where AWS offers no other`, () => {
      const onAnything = new Set<string>();
      for (const role of graphOf(stage).ofType("clickstream:iam:Role")) {
        for (const statement of role.inputs["statements"] as readonly {
          actions: string[];
          targets: { arn: string }[];
        }[]) {
          for (const action of statement.actions) {
            assert.doesNotMatch(action, /[*?]/, role.name);
            if (statement.targets.some(({ arn }) => arn === "*")) onAnything.add(action);
          }
        }
      }
      assert.deepEqual([...onAnything].sort(), allowed);
    });
  }

  it("declares in each role's policy exactly the statements it shows, in no more than IAM takes", () => {
    const policies = ["prod", "release"].flatMap((stage) =>
      graphOf(stage)
        .ofType("aws:iam/rolePolicy:RolePolicy")
        .map((policy) => ({ policy, role: graphOf(stage).get(policy.parent ?? "") })),
    );
    for (const { policy, role } of policies) {
      assert.ok(String(policy.inputs["policy"]).length <= INLINE_POLICY_LENGTH, role.name);
      const { Statement } = JSON.parse(String(policy.inputs["policy"])) as {
        Statement: { Sid: string; Action: string[]; Resource: string[] }[];
      };
      const shown = role.inputs["statements"] as readonly {
        sid: string;
        actions: string[];
        targets: { arn: string; pattern: string }[];
      }[];
      assert.deepEqual(
        Statement.map(({ Sid, Action, Resource }) => [Sid, Action, Resource]),
        shown.map(({ sid, actions, targets }) => [sid, actions, targets.map(({ arn }) => arn)]),
      );
      for (const { targets } of shown)
        for (const { arn, pattern } of targets) assert.match(arn, patternOf(pattern), `${role.name}: ${pattern}`);
    }
  });

  it("consists of no buckets, functions and roles but those that a release may touch", () => {
    const namesOf = (graph: Graph, type: string): string[] =>
      graph.resources.filter((each) => each.type === type).map(({ name }) => name);
    for (const graph of STAGES.map(graphOf)) {
      assert.deepEqual(namesOf(graph, "aws:s3/bucket:Bucket").sort(), [...PLATFORM_NAMES.buckets].sort());
      assert.deepEqual(namesOf(graph, "aws:lambda/function:Function").sort(), [...PLATFORM_NAMES.functions].sort());
      for (const { name, inputs } of graph.resources.filter(({ type }) => type === "aws:iam/role:Role"))
        assert.equal(inputs["namePrefix"], `clickstream-${name}-`);
    }
  });

  it("has the outputs that people look for", () => {
    const names = (stage: string): string[] => Object.keys(graphOf(stage).stackOutputs).sort();
    const everywhere = [
      "anomalyStreamName",
      "beaconUrl",
      "inputStreamName",
      "processedBucketName",
      "producerRoleArn",
      "rawBucketName",
    ];
    assert.deepEqual(names("prod"), everywhere);
    assert.deepEqual(names("dev"), [...everywhere, "kinesisDataGeneratorUrl"].sort());
  });

  it("allows each principal what the committed matrix says", () => {
    golden("stacks/iam-matrix.txt", matrixOf(graphOf("dev")));
    golden("stacks/release-iam-matrix.txt", matrixOf(graphOf("release")));
  });

  for (const [stage, file] of [
    ["dev", "topology.txt"],
    ["release", "release-topology.txt"],
  ] as const)
    it(`has the committed topology in ${stage}`, () => {
      const graph = graphOf(stage);
      const normaliser = new Normaliser(graph);
      const grow = (parent: string | undefined, depth: number): string[] =>
        graph.resources
          .filter((resource) => resource.parent === parent)
          .map(({ urn, type, name }) => ({ urn, line: `${"  ".repeat(depth)}${type} ${normaliser.of(name)}` }))
          .sort((one, other) => (one.line < other.line ? -1 : 1))
          .flatMap(({ urn, line }) => [line, ...grow(urn, depth + 1)]);
      golden(`stacks/${file}`, grow(undefined, 0));
    });

  it("is the picture in the README", () => {
    const [, picture = ""] = /```mermaid\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
    const boxes = picture.replace(/\(\[.*?\]\)/g, "");
    const drawn = new Set([...boxes.matchAll(/\b[A-Z][a-z][A-Za-z]+\b/g)].map(([word]) => word));
    const components = new Set(
      graphOf("dev")
        .resources.filter(({ type }) => type.startsWith("clickstream:"))
        .map(({ type }) => type.split(":")[2] ?? ""),
    );
    for (const word of drawn) assert.ok(components.has(word), `${word} is drawn and not there`);
    for (const [, noun = "", name = ""] of picture.matchAll(/\[\((\w+) (\w+)\)\]/g)) {
      assert.ok(
        graphOf("dev").resources.some((resource) => resource.type.endsWith(`:${noun}`) && resource.name === name),
        `${noun} ${name} is drawn and not there`,
      );
    }
  });
});

function matrixOf(graph: Graph): string[] {
  return graph
    .ofType("clickstream:iam:Role")
    .flatMap(({ name, inputs }) =>
      (
        inputs["statements"] as readonly { actions: string[]; targets: { pattern: string }[]; conditions?: object }[]
      ).flatMap(({ actions, targets, conditions }) => {
        const only = conditions === undefined ? "" : ` if ${JSON.stringify(conditions)}`;
        return actions.flatMap((action) =>
          targets.map(({ pattern }) => `${name.padEnd(14)} ${action.padEnd(34)} ${pattern}${only}`),
        );
      }),
    )
    .sort();
}

/** A declared pattern, where each star stands for any text. */
function patternOf(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );
}

/** Compares with a committed text; UPDATE_GOLDEN=1 writes it anew, to be read in the diff. */
function golden(file: string, lines: readonly string[]): void {
  const path = join(ROOT, file);
  const text = `${lines.join("\n")}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  assert.equal(
    text,
    readFileSync(path, "utf8"),
    `${file} has changed: look at the difference, then UPDATE_GOLDEN=1 npm test`,
  );
}
