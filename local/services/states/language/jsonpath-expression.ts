/** Values of JSONPath states: a path, a call of an intrinsic function, or a template whose `.$` members are computed. */
import { EvaluationFailure, RUNTIME } from "./failure";
import { INTRINSICS } from "./intrinsic-functions";
import { isCall, parseCall, type Argument } from "./intrinsic";
import { isObject, type Json } from "./json";
import { parsePath, PathError, select, type Path } from "./path";
import type { Place } from "./place";
import type { Expression, Scope } from "./scope";

export const INTRINSIC_FAILED = "States.IntrinsicFailure";

/** What `$` is. */
export type Root = (scope: Scope) => Json;

export const ofInput: Root = ({ input }) => input;
export const ofResult: Root = ({ result }) => result ?? null;
export const ofError: Root = ({ errorOutput }) => errorOutput ?? null;

/** What a path finds in a scope; nothing where there is nothing. */
export function find(path: Path, scope: Scope, root: Root): Json | undefined {
  if (path.root === "input") return select(path, root(scope));
  if (path.root === "context") return select(path, scope.context);
  const value = scope.variables[path.root.variable];
  return value === undefined ? undefined : select(path, value);
}

/** @param source a path, or with `isCallAllowed` a call */
export function compileValue(source: string, root: Root, at: Place, isCallAllowed = true): Expression {
  const { field } = at;
  try {
    if (isCallAllowed && isCall(source)) {
      const compute = compileArgument(parseCall(source), root, field);
      return async (scope) => compute(scope);
    }
    const compute = compileArgument({ kind: "path", source }, root, field);
    return async (scope) => compute(scope);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    at.refuse(error.message);
    return async () => null;
  }
}

function compileArgument(argument: Argument, root: Root, field: string): (scope: Scope) => Json {
  if (argument.kind === "value") return () => argument.value;
  if (argument.kind === "path") {
    const path = parsePath(argument.source);
    return (scope) => {
      const found = find(path, scope, root);
      if (found !== undefined) return found;
      const cause = `The JSONPath '${path.source}' specified for the field '${field}' could not be found in the input '${JSON.stringify(root(scope))}'`;
      // What AWS answers, though its guide names States.ParameterPathFailure: no Catch and no Retry stops it.
      throw new EvaluationFailure(RUNTIME, cause, field);
    };
  }
  const args = argument.args.map((each) => compileArgument(each, root, field));
  const call = INTRINSICS[argument.name];
  return (scope) => {
    const values = args.map((each) => each(scope));
    try {
      return call?.(values, scope.random) ?? null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EvaluationFailure(
        INTRINSIC_FAILED,
        `${argument.name} specified for the field '${field}': ${reason}`,
        field,
      );
    }
  };
}

/** A value of any shape; a member whose name ends in `.$` holds a path or a call. */
export function compileTemplate(template: Json, root: Root, at: Place): Expression {
  if (Array.isArray(template)) {
    const items = (template as readonly Json[]).map((item, index) => compileTemplate(item, root, at.at(index)));
    return async (scope) => Promise.all(items.map((item) => item(scope)));
  }
  if (!isObject(template)) return async () => template;
  const members = Object.entries(template).map(([name, value]) => {
    if (!name.endsWith(".$")) return [name, compileTemplate(value, root, at.at(name))] as const;
    if (typeof value === "string") return [name.slice(0, -2), compileValue(value, root, at.at(name))] as const;
    at.at(name).refuse("must be a path or a call of an intrinsic function, as text");
    return [name, async () => null] as const;
  });
  const names = members.map(([name]) => name);
  for (const name of names.filter((each, index) => names.indexOf(each) !== index)) at.refuse(`has ${name} twice`);
  return async (scope) =>
    Object.fromEntries(await Promise.all(members.map(async ([name, value]) => [name, await value(scope)] as const)));
}
