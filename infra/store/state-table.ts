/**
 * A DynamoDB table that holds what functions must remember between events: encrypted with the stage's key, billed by use,
 * restorable to any second of the last 35 days.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { holdingOnto } from "./durability";

/** Attributes of keys: `S` text, `N` number. */
type KeyType = "S" | "N";

export interface KeySchema {
  readonly partition: { readonly name: string; readonly type: KeyType };
  readonly sort?: { readonly name: string; readonly type: KeyType };
}

export interface StateTableArgs {
  readonly on: Foundation;
  readonly key: KeySchema;
  /** Attribute with the second since the epoch after which an item may go. */
  readonly expiry: string;
  /** A second way to find items, holding their keys only; items that lack its attributes are not in it. */
  readonly index?: { readonly name: string; readonly key: KeySchema };
}

export class StateTable extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: StateTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:store:StateTable", name, {}, opts);
    this.#on = args.on;
    this.#logicalName = name;
    const { key, index } = args;

    const table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        attributes: attributesOf(key, index?.key),
        hashKey: key.partition.name,
        ...(key.sort === undefined ? {} : { rangeKey: key.sort.name }),
        ...(index === undefined
          ? {}
          : {
              globalSecondaryIndexes: [
                {
                  name: index.name,
                  hashKey: index.key.partition.name,
                  ...(index.key.sort === undefined ? {} : { rangeKey: index.key.sort.name }),
                  projectionType: "KEYS_ONLY",
                },
              ],
            }),
        ttl: { attributeName: args.expiry, enabled: true },
        serverSideEncryption: { enabled: true, kmsKeyArn: args.on.key.arn },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: args.on.durability === "kept",
      },
      this.child(holdingOnto(args.on)),
    );

    this.arn = table.arn;
    this.name = table.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }

  /** The named item operations on the table itself. */
  can(actions: readonly DataAction[], reason: string): Capability {
    return permits(
      { sid: `Use${this.#noun}`, reason, actions, targets: [{ arn: this.arn, pattern: this.#pattern }] },
      ...this.#on.key.canDecrypt("dynamodb", reason).statements,
    );
  }

  /** Finding items by an index. */
  canQueryIndex(index: string, reason: string): Capability {
    const target = { arn: pulumi.interpolate`${this.arn}/index/${index}`, pattern: `${this.#pattern}/index/${index}` };
    return permits(
      {
        sid: `Query${this.#noun}${index.replace(/[^A-Za-z0-9]/g, "")}`,
        reason,
        actions: ["dynamodb:Query"],
        targets: [target],
      },
      ...this.#on.key.canDecrypt("dynamodb", reason).statements,
    );
  }

  get #noun(): string {
    return `${this.#logicalName.replace(/[^A-Za-z0-9]/g, "")}Table`;
  }

  get #pattern(): string {
    const { partition, region } = this.#on.place;
    return `arn:${partition}:dynamodb:${region}:*:table/${this.#logicalName}-*`;
  }
}

export type DataAction = `dynamodb:${"GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query"}`;

function attributesOf(...schemas: readonly (KeySchema | undefined)[]): { name: string; type: string }[] {
  const keys = schemas.flatMap((schema) => (schema === undefined ? [] : [schema.partition, schema.sort]));
  const byName = new Map(keys.flatMap((key) => (key === undefined ? [] : [[key.name, key]])));
  return [...byName.values()];
}
