/** Why a resource changes: each property with what causes the change, and what it does to the resource. */
import type { ChangeDetail, ResourceRecord } from "../record";
import { recreationOf } from "../resource-type";
import { asText, stable, type Json, type JsonObject } from "../template/json";
import type { ParameterValues } from "../template/parameters";
import type { TemplateResource } from "../template/read-template";
import { referencesIn } from "../template/references";
import { KNOWN_AFTER_APPLY, type Scope } from "../template/resolve";

/** What happens to a resource that others refer to. */
export type Fate = "added" | "modified" | "replaced" | "perhaps replaced";

export interface Side {
  readonly definition: TemplateResource;
  readonly properties: JsonObject;
}

type Cause = Pick<ChangeDetail, "Evaluation" | "ChangeSource" | "CausingEntity">;

const DIRECT: Cause = { Evaluation: "Static", ChangeSource: "DirectModification" };
const ATTRIBUTES = ["DeletionPolicy", "UpdateReplacePolicy", "Metadata", "CreationPolicy", "UpdatePolicy"] as const;

export function detailsOf(
  record: ResourceRecord,
  after: Side,
  scope: Scope,
  fates: ReadonlyMap<string, Fate>,
  parameters: ParameterValues,
): ChangeDetail[] {
  const names = new Set([...Object.keys(record.properties), ...Object.keys(after.properties)]);
  const properties = [...names].flatMap((name) => {
    const [before, next] = [record.properties[name], after.properties[name]];
    if (stable(before) === stable(next)) return [];
    const target = name === "Tags" ? { Attribute: "Tags" } : { Attribute: "Properties", Name: name };
    const recreation = { RequiresRecreation: recreationOf(record.type, name) };
    const values = valuesOf(`/Properties/${name}`, before, next);
    return causesOf(name, record, after, scope, fates, parameters).map((cause) => ({
      Target: { ...target, ...recreation, ...values },
      ...cause,
    }));
  });
  const attributes = ATTRIBUTES.flatMap((name): ChangeDetail[] => {
    const [before, next] = [record.definition[name], after.definition[name]];
    if (stable(before) === stable(next)) return [];
    const Target = { Attribute: name, RequiresRecreation: "Never" as const, ...valuesOf(`/${name}`, before, next) };
    return [{ Target, ...DIRECT }];
  });
  return [...properties, ...attributes];
}

/** True and sure, only perhaps, or not at all. */
export function replacementOf(details: readonly ChangeDetail[]): "True" | "False" | "Conditional" {
  const recreating = details.filter(({ Target }) => Target.RequiresRecreation !== "Never");
  const isSure = recreating.some(
    ({ Target, Evaluation }) => Target.RequiresRecreation === "Always" && Evaluation === "Static",
  );
  return isSure ? "True" : recreating.length > 0 ? "Conditional" : "False";
}

function causesOf(
  name: string,
  record: ResourceRecord,
  after: Side,
  scope: Scope,
  fates: ReadonlyMap<string, Fate>,
  parameters: ParameterValues,
): Cause[] {
  const causes: Cause[] = [];
  const [was, is] = [record.definition.Properties?.[name], after.definition.Properties?.[name]];
  if (stable(was) !== stable(is)) causes.push(DIRECT);
  for (const { name: entity, attribute } of referencesIn(is ?? {})) {
    if (Object.hasOwn(scope.template.Parameters, entity)) {
      if (parameters[entity] === scope.parameters[entity]) continue;
      causes.push({ Evaluation: "Static", ChangeSource: "ParameterReference", CausingEntity: entity });
      continue;
    }
    const fate = fates.get(entity);
    if (fate === undefined || fate === "added") continue;
    if (attribute !== undefined) {
      const CausingEntity = `${entity}.${attribute}`;
      causes.push({ Evaluation: "Dynamic", ChangeSource: "ResourceAttribute", CausingEntity });
    } else if (fate !== "modified") {
      const Evaluation = fate === "replaced" ? "Static" : "Dynamic";
      causes.push({ Evaluation, ChangeSource: "ResourceReference", CausingEntity: entity });
    }
  }
  const distinct = new Map(causes.map((cause) => [JSON.stringify(cause), cause]));
  return distinct.size === 0 ? [DIRECT] : [...distinct.values()];
}

function valuesOf(
  Path: string,
  before: Json | undefined,
  after: Json | undefined,
): Pick<ChangeDetail["Target"], "Path" | "BeforeValue" | "AfterValue" | "AttributeChangeType"> {
  const [BeforeValue, AfterValue] = [asText(before), asText(after)];
  return {
    Path,
    ...(BeforeValue === undefined ? {} : { BeforeValue }),
    ...(AfterValue === undefined
      ? {}
      : {
          AfterValue:
            AfterValue.includes(KNOWN_AFTER_APPLY) && typeof after === "string" ? KNOWN_AFTER_APPLY : AfterValue,
        }),
    AttributeChangeType: before === undefined ? "Add" : after === undefined ? "Remove" : "Modify",
  };
}
