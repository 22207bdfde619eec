/**
 * What a resource type answers when a program declares it: the id and the outputs that AWS would have computed.
 * An output that a model leaves out is unknown to the program, and whatever depends on it is refused with its place:
 * the models are the exact measure of what the stage can do.
 */
import { createHash } from "node:crypto";
import { StageError } from "../diagnostics";
import type { Properties } from "../graph/value";
import type { WireProperties } from "../monitor/wire";

/** The account and region a stage pretends to be in. */
export interface AccountFacts {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** A resource as declared, before it has an id. */
export interface Declaration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

export interface Modelled {
  readonly id: string;
  /** Outputs beside the inputs, which are always echoed. */
  readonly outputs: WireProperties;
  /** Names of outputs that only come out as secrets. */
  readonly secretOutputs?: readonly string[];
}

export type ResourceModel = (declaration: Declaration, facts: AccountFacts) => Modelled;

/** A data source of the provider (`aws.getCallerIdentity`): arguments in, result out. */
export type FunctionModel = (args: Properties, facts: AccountFacts) => WireProperties;

/** What cannot be changed in place: inputs whose change makes a new resource. A path like `a.b` covers what is in it. */
export interface ReplacementFact {
  readonly inputs: readonly string[];
  /** Where the fact is from. */
  readonly source: string;
}

/** @param name the physical name, @param id the provider's id */
export type DataFolderOf = (resource: { readonly name: string; readonly id: string }) => [string, ...string[]];

/** The types and data sources that one AWS service brings. */
export interface ServiceModels {
  readonly resources: Readonly<Record<string, ResourceModel>>;
  /** For each type, what forces a new resource; a type without a fact is refused by every update. */
  readonly replacedBy?: Readonly<Record<string, ReplacementFact>>;
  /** For each type with data of its own, the folder that holds it: the service, and names below it. */
  readonly keepsIn?: Readonly<Record<string, DataFolderOf>>;
  readonly functions?: Readonly<Record<string, FunctionModel>>;
}

/**
 * A fact as the Terraform provider states it (`ForceNew`, `RequiresReplace`), on which Pulumi's is built. Since version 6
 * every resource has a region of its own, and moves to another only anew.
 * @param file path in hashicorp/terraform-provider-aws, below `internal/service`
 */
export function forcesNew(file: string, ...inputs: readonly string[]): ReplacementFact {
  return { inputs: ["region", ...inputs], source: `hashicorp/terraform-provider-aws v6, internal/service/${file}` };
}

/** A type that the stage keeps but does not run: it has an id and echoes its inputs. */
export function opaque(
  idPrefix: string,
  outputs: (id: string, facts: AccountFacts) => WireProperties = () => ({}),
): ResourceModel {
  return (declaration, facts) => {
    const id = `${idPrefix}${fingerprint(declaration.urn, 17)}`;
    return { id, outputs: outputs(id, facts) };
  };
}

/** Hexadecimal digits that depend on the URN alone: the same resource has the same id in every run. */
export function fingerprint(urn: string, digits: number): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, digits);
}

/**
 * The physical name: the one given in `property`, else the logical name and seven random-looking digits as Pulumi's
 * auto-naming makes them.
 * @throws StageError when the name is longer than AWS allows
 */
export function physicalName(
  declaration: Declaration,
  { property = "name", longest, lowerCase = false }: { property?: string; longest: number; lowerCase?: boolean },
): string {
  const given = declaration.inputs[property];
  if (given !== undefined && typeof given !== "string") throw new StageError(`${property} must be text`);
  const name = given ?? `${declaration.name}-${fingerprint(declaration.urn, 7)}`;
  if (name.length > longest) {
    throw new StageError(
      `name ${name} has ${name.length} characters, ${longest} allowed: shorten ${given === undefined ? "the resource's logical name" : property}`,
    );
  }
  return lowerCase ? name.toLowerCase() : name;
}

/** `arn:aws:kinesis:eu-west-1:000000000000:stream/x`. */
export function arnOf({ partition, region, account }: AccountFacts, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
