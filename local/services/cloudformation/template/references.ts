/** What the values of a template refer to, and the order in which its resources can be made. */
import { invalid } from "../refusal";
import { isObject, type Json, textOf } from "./json";
import type { Template, TemplateResource } from "./read-template";

export interface TemplateReference {
  readonly name: string;
  /** Nothing for `Ref`. */
  readonly attribute: string | undefined;
}

/** Every Ref, GetAtt and `${}` in a value, of parameters and resources alike. */
export function referencesIn(value: Json | undefined): TemplateReference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === "Ref" && typeof item === "string") return [{ name: item, attribute: undefined }];
    if (key === "Fn::GetAtt") return [readGetAtt(item)];
    if (key === "Fn::Sub") return referencesInSub(item);
    return referencesIn(item);
  });
}

/** @throws AwsError `ValidationError` */
export function readGetAtt(value: Json): { name: string; attribute: string } {
  const parts =
    typeof value === "string" ? [value.slice(0, value.indexOf(".")), value.slice(value.indexOf(".") + 1)] : value;
  if (Array.isArray(parts) && typeof parts[0] === "string" && typeof parts[1] === "string") {
    return { name: parts[0], attribute: parts[1] };
  }
  throw invalid(
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
  );
}

/** Places of a text for Fn::Sub: `${Name}`, `${Name.Attribute}`; `${!Literal}` is none. */
export const SUB_PLACE = /\$\{(?!!)([^}]+)\}/g;

function referencesInSub(value: Json): TemplateReference[] {
  const [text, own] = Array.isArray(value) ? [value[0], value[1]] : [value, undefined];
  const variables = isObject(own) ? own : {};
  const places = [...textOf(text).matchAll(SUB_PLACE)].map(([, place = ""]) => place.trim());
  const direct = places
    .filter((place) => !Object.hasOwn(variables, place))
    .map((place) => {
      const dot = place.indexOf(".");
      return dot < 0
        ? { name: place, attribute: undefined }
        : { name: place.slice(0, dot), attribute: place.slice(dot + 1) };
    });
  return [...direct, ...referencesIn(variables)];
}

/** Logical ids of resources that must be there before a resource. */
export function dependenciesOf(resource: TemplateResource, template: Pick<Template, "Resources">): string[] {
  const referred = referencesIn(resource.Properties ?? {}).map(({ name }) => name);
  const names = new Set([...(resource.DependsOn ?? []), ...referred]);
  return [...names].filter((name) => Object.hasOwn(template.Resources, name));
}

/** @throws AwsError `ValidationError` for a circle, or a reference to nothing */
export function creationOrder(template: Template): string[] {
  checkReferences(template);
  const order: string[] = [];
  const state = new Map<string, "visiting" | "done">();
  const visit = (name: string, path: readonly string[]): void => {
    if (state.get(name) === "done") return;
    if (state.get(name) === "visiting") {
      throw invalid(`Circular dependency between resources: [${path.slice(path.indexOf(name)).join(", ")}]`);
    }
    state.set(name, "visiting");
    const resource = template.Resources[name];
    if (resource !== undefined) for (const next of dependenciesOf(resource, template)) visit(next, [...path, name]);
    state.set(name, "done");
    order.push(name);
  };
  for (const name of Object.keys(template.Resources)) visit(name, []);
  return order;
}

function checkReferences({ Resources, Parameters, Outputs }: Template): void {
  const known = (name: string): boolean =>
    name.startsWith("AWS::") || Object.hasOwn(Resources, name) || Object.hasOwn(Parameters, name);
  const values = [
    ...Object.values(Resources).map(({ Properties }) => ["Resources", Properties ?? {}] as const),
    ...Object.values(Outputs).map(({ Value }) => ["Outputs", Value] as const),
  ];
  for (const [block, value] of values) {
    const missing = referencesIn(value).find(({ name }) => !known(name));
    if (missing === undefined) continue;
    throw invalid(
      `Template format error: Unresolved resource dependencies [${missing.name}] in the ${block} block of the template`,
    );
  }
  for (const { DependsOn = [] } of Object.values(Resources)) {
    const missing = DependsOn.find((name) => !Object.hasOwn(Resources, name));
    if (missing !== undefined) {
      throw invalid(
        `Template format error: Unresolved resource dependencies [${missing}] in the Resources block of the template`,
      );
    }
  }
}
