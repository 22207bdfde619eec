/** Members of requests and answers between the style of states, PascalCase, and that of a service's wire. */
import { isWrittenLate } from "../../service";
import { isObject, type Json, type JsonObject } from "../language/json";

/** Members that are maps: their keys are the caller's own and stay as they are. */
const MAPS = new Set([
  "Configuration",
  "OutputVariables",
  "Tags",
  "Metadata",
  "Item",
  "Key",
  "ExpressionAttributeNames",
]);

export function toRequest(work: JsonObject, style: "pascal" | "camel" | "form"): JsonObject {
  if (style === "pascal") return work;
  return (style === "camel" ? renamed(work, lowerFirst) : asForm(work)) as JsonObject;
}

/** How the bytes of a request travel: as they are, or as base64 in JSON. */
export type BlobForm = "bytes" | "base64";

/** Puts bytes where a request has text or data for a member that takes bytes. @param names of those members */
export function withBlobs(value: Json, names: readonly string[], form: BlobForm): unknown {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withBlobs(item, names, form));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      names.includes(name) ? blobOf(item, form) : withBlobs(item, names, form),
    ]),
  );
}

function blobOf(value: Json, form: BlobForm): Buffer | string {
  const bytes = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return form === "bytes" ? bytes : bytes.toString("base64");
}

/** What a service of the stage answers, as a state sees it. */
export function fromAnswer(answer: unknown): Json {
  return renamed(plain(answer ?? {}, ""), upperFirst);
}

function renamed(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      rename(name),
      MAPS.has(upperFirst(name)) ? item : renamed(item, rename),
    ]),
  );
}

/** A form carries texts only. */
function asForm(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(asForm);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asForm(item)]));
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Seconds since the epoch of times in this century, as JSON protocols carry them. */
const SECONDS = { from: 946_684_800, to: 4_102_444_800 };
const TIME_NAME = /(date|time|timestamp|created|updated|modified|lastStatusChange)$/i;

/** Plain JSON of what an operation answered: bytes as text, times as ISO 8601, maps as objects. */
function plain(value: unknown, name: string): Json {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (value instanceof Map) return plain(Object.fromEntries(value), name);
  if (Array.isArray(value)) return value.map((item) => plain(item, name));
  if (typeof value === "object" && value !== null) {
    if (isWrittenLate(value)) return plain(value.toJSON(), name);
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(members.map(([key, item]) => [key, plain(item, key)]));
  }
  if (typeof value === "number" && TIME_NAME.test(name) && value > SECONDS.from && value < SECONDS.to) {
    return new Date(value * 1000).toISOString();
  }
  return value as Json;
}

function lowerFirst(name: string): string {
  return `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}`;
}

function upperFirst(name: string): string {
  return `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`;
}
