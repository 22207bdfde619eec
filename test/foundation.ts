/** A foundation to stand components on in a test, and short ways to look at what they declared. */
import type { Foundation } from "../infra/core/foundation";
import { EncryptionKey } from "../infra/store/encryption-key";
import type { Graph, Resource } from "../local/graph/graph";
import { isRecord, type Value } from "../local/graph/value";
import { FACTS } from "./stage";

/** Call it inside the program that is rendered: it declares the key. */
export function foundation(overrides: Partial<Omit<Foundation, "key">> = {}): Foundation {
  const place = { partition: FACTS.partition, region: FACTS.region, account: FACTS.account };
  const durability = overrides.durability ?? "disposable";
  return {
    place,
    roles: {},
    durability,
    logRetention: "7 days",
    ...overrides,
    key: new EncryptionKey("key", { place, durability }),
  };
}

/** The rendered policy of a role or user, as its statements by sid. */
export function policyOf(
  graph: Graph,
  name: string,
  type = "aws:iam/rolePolicy:RolePolicy",
): Record<string, PolicyStatement> {
  const { inputs } = graph.only(type, (each) => each.name === name);
  const document = JSON.parse(String(inputs["policy"])) as { Statement: PolicyStatement[] };
  return Object.fromEntries(document.Statement.map((statement) => [statement.Sid, statement]));
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

/** What a resource was declared with, by path: `at(bucket, "rules.0.id")`. */
export function at({ inputs }: Resource, path: string): Value | undefined {
  return path.split(".").reduce<Value | undefined>((value, step) => {
    if (Array.isArray(value)) return (value as readonly Value[])[Number(step)];
    return isRecord(value) ? value[step] : undefined;
  }, inputs);
}

/** Types of a component's descendants with how often each is there. */
export function census(graph: Graph): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of graph.resources) {
    if (type.startsWith("pulumi:")) continue;
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
