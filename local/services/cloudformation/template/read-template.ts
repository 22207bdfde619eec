/** Reads a template, JSON or YAML with CloudFormation's short forms (`!Ref`, `!GetAtt`, `!Sub` ...). */
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from "yaml";
import { z } from "zod";
import { invalid } from "../refusal";
import type { Json, JsonObject } from "./json";

const POLICIES = ["Delete", "Retain", "Snapshot", "RetainExceptOnCreate"] as const;

const parameter = z.looseObject({
  Type: z.string(),
  Default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  AllowedValues: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  AllowedPattern: z.string().optional(),
  MinLength: z.coerce.number().optional(),
  MaxLength: z.coerce.number().optional(),
  MinValue: z.coerce.number().optional(),
  MaxValue: z.coerce.number().optional(),
  NoEcho: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).optional(),
  ConstraintDescription: z.string().optional(),
});

const json = z.custom<Json>(() => true);
const object = z.custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

const resource = z.strictObject({
  Type: z.string(),
  Properties: object.optional(),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional(),
  DeletionPolicy: z.enum(POLICIES).optional(),
  UpdateReplacePolicy: z.enum(["Delete", "Retain", "Snapshot"]).optional(),
  Metadata: json.optional(),
  CreationPolicy: json.optional(),
  UpdatePolicy: json.optional(),
});

const output = z.strictObject({
  Value: json,
  Description: z.string().optional(),
  Condition: z.string().optional(),
  Export: z.strictObject({ Name: json }).optional(),
});

const shape = z.strictObject({
  AWSTemplateFormatVersion: z.literal("2010-09-09").optional(),
  Description: z.string().optional(),
  Metadata: json.optional(),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), object)).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Resources: z
    .record(z.string().regex(/^[A-Za-z0-9]{1,255}$/, "logical ids have letters and digits only"), resource)
    .refine((all) => Object.keys(all).length > 0, "At least one Resources member must be defined."),
  Outputs: z.record(z.string(), output).default({}),
});

export type Template = z.output<typeof shape>;
export type TemplateParameter = Template["Parameters"][string];
export type TemplateResource = Template["Resources"][string];

/** Longest template given in the call itself. Source: CloudFormation quotas. */
export const LONGEST_BODY = 51_200;
/** Longest template that stands in S3. */
export const LONGEST_STORED = 1_048_576;

/** @throws AwsError `ValidationError` */
export function readTemplate(text: string): Template {
  const value = parse(text);
  if (isObject(value) && value["Transform"] !== undefined) {
    throw invalid("the local stage runs no macros: give it a template without Transform");
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? "" : `[/${issue.path.map(String).join("/")}] `;
  throw invalid(`Template format error: ${place}${issue?.message ?? "not a template"}`);
}

function parse(text: string): Json {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // A flow mapping of YAML begins like JSON: YAML says what is wrong with it.
    }
  }
  // Tags that are not YAML's own are read below.
  const document = parseDocument(text, { logLevel: "silent", uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw invalid(`Template format error: YAML not well-formed. ${error.message}`);
  return convert(document.contents, document);
}

function convert(node: Node | null, document: Document): Json {
  if (node === null) return null;
  const value = bare(node, document);
  const tag = node.tag;
  if (tag === undefined || !tag.startsWith("!")) return value;
  if (tag === "!Ref") return { Ref: value };
  if (tag === "!Condition") return { Condition: value };
  const name = `Fn::${tag.slice(1)}`;
  if (name === "Fn::GetAtt" && typeof value === "string") {
    const dot = value.indexOf(".");
    return { [name]: dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [name]: value };
}

function bare(node: Node, document: Document): Json {
  if (isAlias(node)) return convert(node.resolve(document) ?? null, document);
  if (isSeq(node)) return node.items.map((item) => convert(item as Node | null, document));
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [
        String(isScalar(key) ? key.value : key),
        convert(value as Node | null, document),
      ]),
    );
  }
  // Under a tag of CloudFormation's a scalar is text.
  if (isScalar(node))
    return node.tag?.startsWith("!") === true ? (node.source ?? String(node.value)) : (node.value as Json);
  throw invalid("Template format error: a node that is neither a scalar, a list nor a map");
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
