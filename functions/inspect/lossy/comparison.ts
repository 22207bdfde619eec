/**
 * When a setting loses something on its way from one value to another. A comparison gets both values, undefined where the
 * setting is not there, and says how it goes; nothing when nothing is lost. Values come as JSON or as the text that
 * CloudFormation makes of it.
 */
import { sameJson } from "../canonical";
import { excerptOf } from "../change-input-error";
import { isCutOff, readText } from "../sight";

export type Comparison = (before: unknown, after: unknown) => string | undefined;

/** Numbers that get smaller. @param absent what the service assumes; without it, a setting that is not there has no size */
export function lowered(absent?: number): Comparison {
  return bySize(absent, (before, after) => after < before);
}

export function raised(absent?: number): Comparison {
  return bySize(absent, (before, after) => after > before);
}

/** Spans that get shorter, where some values, and no value, mean for ever. */
export function shortened(...endless: readonly number[]): Comparison {
  const spanOf = (value: number | undefined): number =>
    value === undefined || endless.includes(value) ? Number.POSITIVE_INFINITY : value;
  return (before, after) => {
    const [was, is] = [numberOf(before), numberOf(after)];
    if (was === "none" || is === "none") return differs(before, after);
    return spanOf(is) < spanOf(was) ? goes(before, after) : undefined;
  };
}

function bySize(absent: number | undefined, loses: (before: number, after: number) => boolean): Comparison {
  return (before, after) => {
    const [was, is] = [numberOf(before), numberOf(after)];
    if (was === "none" || is === "none") return differs(before, after);
    const [from, to] = [was ?? absent, is ?? absent];
    return from !== undefined && to !== undefined && loses(from, to) ? goes(before, after) : undefined;
  };
}

/** A switch that was on and no longer is. @param absent how the service reads a switch that is not there */
export function switchedOff(absent = false): Comparison {
  return bySwitch(absent, (before, after) => before && !after);
}

export function switchedOn(absent = false): Comparison {
  return bySwitch(absent, (before, after) => !before && after);
}

function bySwitch(absent: boolean, loses: (before: boolean, after: boolean) => boolean): Comparison {
  return (before, after) => {
    const [was, is] = [booleanOf(before), booleanOf(after)];
    if (was === "none" || is === "none") return differs(before, after);
    return loses(was ?? absent, is ?? absent) ? goes(before, after) : undefined;
  };
}

/** It was this, and no longer is. @param absent what the service assumes */
export function leaves(value: string, absent?: string): Comparison {
  return (before, after) =>
    textOf(before, absent) === value && textOf(after, absent) !== value ? goes(before, after) : undefined;
}

/** It was not this, and now is. @param absent what the service assumes */
export function becomes(value: string, absent?: string): Comparison {
  return (before, after) =>
    textOf(before, absent) !== value && textOf(after, absent) === value ? goes(before, after) : undefined;
}

export function removed(): Comparison {
  return (before, after) => (!isEmpty(before) && isEmpty(after) ? "it is removed" : undefined);
}

export function changed(): Comparison {
  return differs;
}

/** A value that is set, or set to something else; taking it away loses nothing. */
export function setAnew(): Comparison {
  return (before, after) => (isEmpty(after) ? undefined : differs(before, after));
}

/** A value that was set and becomes another one; setting it for the first time loses nothing. */
export function swapped(): Comparison {
  return (before, after) => (isEmpty(before) ? undefined : differs(before, after));
}

/** Elements of a list that are no longer in it. @param name the field that names an element, in either engine's spelling */
export function elementsGone(...name: readonly string[]): Comparison {
  return (before, after) => {
    const [was, is] = [listedOf(before), listedOf(after)];
    if (was === undefined || is === undefined) return differs(before, after);
    const kept = new Set(is.map((element) => nameOf(element, name)));
    const gone = was.map((element) => nameOf(element, name)).filter((each) => !kept.has(each));
    return gone.length === 0 ? undefined : `without ${gone.join(", ")}`;
  };
}

function nameOf(element: unknown, fields: readonly string[]): string {
  if (typeof element !== "object" || element === null) return String(element);
  const values = element as Record<string, unknown>;
  const named = fields.map((field) => values[field]).filter((value) => value !== undefined);
  return named.length === 0 ? JSON.stringify(values) : named.map(String).join(" ");
}

/** A list, an object of elements by index, or JSON text of one; no list where there is something else. */
export function listedOf(value: unknown): readonly unknown[] | undefined {
  const inner = typeof value === "string" ? readText(value) : value;
  if (inner === undefined || inner === null || inner === "") return [];
  return Array.isArray(inner) ? inner : undefined;
}

function numberOf(value: unknown): number | undefined | "none" {
  if (value === undefined || value === null || value === "") return undefined;
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : "none";
}

function booleanOf(value: unknown): boolean | undefined | "none" {
  if (value === undefined || value === null || value === "") return undefined;
  const text = JSON.stringify(value).replaceAll('"', "").toLowerCase();
  return text === "true" ? true : text === "false" ? false : "none";
}

function textOf(value: unknown, absent: string | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : isEmpty(value) ? absent : JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  const inner = typeof value === "string" ? readText(value) : value;
  if (inner === undefined || inner === null || inner === "") return true;
  return typeof inner === "object" && Object.keys(inner).length === 0;
}

/** Values that cannot be sized are lost when they differ: nobody can say which is more. */
function differs(before: unknown, after: unknown): string | undefined {
  if (isEmpty(before) && isEmpty(after)) return undefined;
  return sameJson(unfolded(before), unfolded(after)) ? undefined : goes(before, after);
}

function unfolded(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const inner = readText(value);
  return isCutOff(inner) ? value : inner;
}

function goes(before: unknown, after: unknown): string {
  return `from ${before === undefined ? "its default" : excerptOf(before)} to ${after === undefined ? "its default" : excerptOf(after)}`;
}
