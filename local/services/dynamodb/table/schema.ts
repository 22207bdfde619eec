/** What a table was declared with: its keys, its indexes, its expiry, its encryption. What the stage lacks is refused. */
import { StageError } from "../../../diagnostics";
import { describeResource, flagOf, optionalText, textOf, type Resource } from "../../../graph/graph";
import { isRecord, type Properties, type Value } from "../../../graph/value";

export type KeyType = "S" | "N" | "B";

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

export interface IndexSchema {
  readonly name: string;
  readonly key: KeySchema;
  /** `ALL`, or the attributes beside the keys of index and table that the index holds. */
  readonly projected: "ALL" | readonly string[];
}

export interface TableSchema {
  readonly name: string;
  readonly arn: string;
  readonly key: KeySchema;
  readonly indexes: readonly IndexSchema[];
  /** The attribute with the second after which an item may go. */
  readonly expiry: string | undefined;
  /** The customer's key that the table is encrypted with. */
  readonly keyArn: string | undefined;
  readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly isProtected: boolean;
}

/** Properties that the stage does not act on, because they only matter at scale or to an administrator. */
const IDLE = ["name", "id", "arn", "tags", "tagsAll", "region", "pointInTimeRecovery", "tableClass"];
const IDLE_CAPACITY = ["readCapacity", "writeCapacity", "onDemandThroughput", "warmThroughput"];
const MODELLED = [
  "attributes",
  "hashKey",
  "rangeKey",
  "globalSecondaryIndexes",
  "ttl",
  "serverSideEncryption",
  "billingMode",
  "deletionProtectionEnabled",
];
const UNDERSTOOD: ReadonlySet<string> = new Set([...IDLE, ...IDLE_CAPACITY, ...MODELLED]);

/** @throws StageError when AWS would not make the table, or the stage does not model it */
export function readSchema(resource: Resource): TableSchema {
  try {
    return schemaIn(resource.outputs);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    throw new StageError(`${describeResource(resource)}: ${error.message}`);
  }
}

/** The attributes that make a key, the partition's first. */
export function attributesOf({ partition, sort }: KeySchema): readonly KeyAttribute[] {
  return sort === undefined ? [partition] : [partition, sort];
}

function schemaIn(table: Properties): TableSchema {
  refuseUnmodelled(table);
  const types = readTypes(table);
  const keyOf = (keys: KeyNames) => readKey(keys, types);
  const key = keyOf({ partition: textOf(table, "hashKey"), sort: optionalText(table, "rangeKey") });
  const indexes = recordsIn(table["globalSecondaryIndexes"]).map((index) => readIndex(index, keyOf));
  refuseUnusedTypes(types, [key, ...indexes.map((index) => index.key)]);
  return {
    name: textOf(table, "name"),
    arn: textOf(table, "arn"),
    key,
    indexes,
    expiry: readExpiry(table["ttl"]),
    keyArn: readKeyArn(table["serverSideEncryption"]),
    billingMode: table["billingMode"] === "PAY_PER_REQUEST" ? "PAY_PER_REQUEST" : "PROVISIONED",
    isProtected: flagOf(table, "deletionProtectionEnabled"),
  };
}

type KeyNames = { readonly partition: string; readonly sort: string | undefined };

function refuseUnmodelled(properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    const isAbsent = value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0);
    if (!UNDERSTOOD.has(name) && !isAbsent) {
      refuse(`the local stage does not model ${name} of a table: leave it out, or add it to local/services/dynamodb`);
    }
  }
}

function readTypes(properties: Properties): ReadonlyMap<string, KeyType> {
  return new Map(
    recordsIn(properties["attributes"]).map((attribute) => {
      const [name, type] = [textOf(attribute, "name"), textOf(attribute, "type")];
      if (type !== "S" && type !== "N" && type !== "B") {
        return refuse(`attribute ${name}: type must be S, N or B, got ${type}`);
      }
      return [name, type];
    }),
  );
}

function readKey({ partition, sort }: KeyNames, types: ReadonlyMap<string, KeyType>): KeySchema {
  const typed = (name: string): KeyAttribute => {
    const type = types.get(name);
    return type === undefined
      ? refuse(`key ${name} is not in attributes: name it there with its type`)
      : { name, type };
  };
  return { partition: typed(partition), sort: sort === undefined ? undefined : typed(sort) };
}

function readIndex(index: Properties, keyOf: (names: KeyNames) => KeySchema): IndexSchema {
  const name = textOf(index, "name");
  return { name, key: keyOf(readIndexKeys(index, name)), projected: readProjected(index, name) };
}

/** `hashKey` and `rangeKey`, or the same as `keySchemas`. */
function readIndexKeys(index: Properties, name: string): KeyNames {
  const schemas = recordsIn(index["keySchemas"]);
  if (schemas.length === 0) return { partition: textOf(index, "hashKey"), sort: optionalText(index, "rangeKey") };
  const named = (type: string): string[] =>
    schemas.filter((each) => each["keyType"] === type).map((each) => textOf(each, "attributeName"));
  const [partition, ...partitions] = named("HASH");
  const [sort, ...sorts] = named("RANGE");
  if (partition === undefined || partitions.length + sorts.length > 0) {
    return refuse(`index ${name}: the local stage models one HASH and at most one RANGE attribute in keySchemas`);
  }
  return { partition, sort };
}

function readProjected(index: Properties, name: string): IndexSchema["projected"] {
  const type = textOf(index, "projectionType");
  switch (type) {
    case "ALL":
      return "ALL";
    case "KEYS_ONLY":
      return [];
    case "INCLUDE":
      return textsIn(index["nonKeyAttributes"]);
    default:
      return refuse(`index ${name}: projectionType must be ALL, KEYS_ONLY or INCLUDE, got ${type}`);
  }
}

function refuseUnusedTypes(types: ReadonlyMap<string, KeyType>, keys: readonly KeySchema[]): void {
  const used = new Set(keys.flatMap(attributesOf).map(({ name }) => name));
  const unused = [...types.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) refuse(`attributes ${unused.join(", ")} are in no key: only key attributes are declared`);
}

function readExpiry(ttl: Value | undefined): string | undefined {
  return isRecord(ttl) && ttl["enabled"] === true ? textOf(ttl, "attributeName") : undefined;
}

function readKeyArn(encryption: Value | undefined): string | undefined {
  return isRecord(encryption) && encryption["enabled"] === true ? optionalText(encryption, "kmsKeyArn") : undefined;
}

function recordsIn(value: Value | undefined): readonly Properties[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textsIn(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function refuse(problem: string): never {
  throw new StageError(problem);
}
