/** The keys of a graph with their aliases and policies, found by any of the names a caller may use. */
import { StageError } from "../../diagnostics";
import { describeResource, flagOf, optionalText, textOf, type Resource } from "../../graph/graph";
import type { ServiceContext } from "../context";
import type { AccountFacts } from "../model";
import { AwsError } from "../service";
import { expectProperties } from "./declaration";
import { keyArnOf } from "./key-reference";

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly enabled: boolean;
  readonly description: string;
  /** Names that begin with `alias/`. */
  readonly aliases: readonly string[];
}

const KEY_PROPERTIES = [
  "bypassPolicyLockoutSafetyCheck",
  "customerMasterKeySpec",
  "deletionWindowInDays",
  "description",
  // Rotation shows nowhere: what was encrypted before can be decrypted as ever.
  "enableKeyRotation",
  "isEnabled",
  "keyUsage",
  "policy",
  "rotationPeriodInDays",
  "tags",
];

/** What KMS calls the kind of key that the stage has, and the only one. */
export const SYMMETRIC = { usage: "ENCRYPT_DECRYPT", spec: "SYMMETRIC_DEFAULT" } as const;

/**
 * Reads the graph's keys and brings their policies to the authorizer.
 * @throws StageError naming the resource that the stage does not model
 */
export function readKeys({ graph, facts, authorizer }: ServiceContext): KeyRing {
  const aliases = graph.ofType("aws:kms/alias:Alias").map((alias) => {
    expectProperties(alias, ["name", "namePrefix", "targetKeyId"]);
    return { name: textOf(alias.outputs, "name"), keyArn: keyArnOf(textOf(alias.inputs, "targetKeyId"), graph, alias) };
  });
  const keys = graph.ofType("aws:kms/key:Key").map((resource): Key => {
    expectSymmetric(resource);
    const arn = textOf(resource.outputs, "arn");
    const document = resource.inputs["policy"] ?? defaultPolicy(facts);
    authorizer.addResourcePolicy(arn, { source: `policy of ${describeResource(resource)}`, document }, resource.urn);
    return {
      id: resource.id,
      arn,
      enabled: flagOf(resource.inputs, "isEnabled", true),
      description: optionalText(resource.inputs, "description") ?? "",
      aliases: aliases.flatMap(({ name, keyArn }) => (keyArn === arn ? [name] : [])).sort(),
    };
  });
  return new KeyRing(keys, facts);
}

export class KeyRing {
  readonly #byName: ReadonlyMap<string, Key>;

  constructor(
    readonly keys: readonly Key[],
    private readonly facts: AccountFacts,
  ) {
    this.#byName = new Map(
      keys.flatMap((key) =>
        [key.id, key.arn, ...key.aliases, ...key.aliases.map((name) => this.aliasArn(name))].map(
          (name) => [name, key] as const,
        ),
      ),
    );
  }

  /** @param name an id, an ARN, an alias or an alias's ARN. @throws AwsError `NotFoundException` */
  get(name: string): Key {
    const key = this.#byName.get(name);
    if (key !== undefined) return key;
    const { partition, region, account } = this.facts;
    const arn = name.startsWith("arn:")
      ? name
      : `arn:${partition}:kms:${region}:${account}:${name.startsWith("alias/") ? "" : "key/"}${name}`;
    throw new AwsError(
      "NotFoundException",
      arn.includes(":alias/") ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`,
    );
  }

  aliasArn(name: string): string {
    const { partition, region, account } = this.facts;
    return `arn:${partition}:kms:${region}:${account}:${name}`;
  }
}

function expectSymmetric(resource: Resource): void {
  expectProperties(resource, KEY_PROPERTIES);
  const usage = optionalText(resource.inputs, "keyUsage") ?? SYMMETRIC.usage;
  const spec = optionalText(resource.inputs, "customerMasterKeySpec") ?? SYMMETRIC.spec;
  if (usage === SYMMETRIC.usage && spec === SYMMETRIC.spec) return;
  throw new StageError(
    `${describeResource(resource)}: a key for ${usage} with ${spec}; the local stage has keys for ${SYMMETRIC.usage} with ${SYMMETRIC.spec} only`,
  );
}

/** What KMS gives a key that is declared without a policy. Source: KMS developer guide, "Default key policy". */
function defaultPolicy({ partition, account }: AccountFacts): unknown {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "EnableIamUserPermissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  };
}
