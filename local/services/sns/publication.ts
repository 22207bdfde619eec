/** What is published: read from the wire and checked as SNS checks it, before anything is sent to anybody. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../../iam/json";
import { PolicyError } from "../../iam/refusal";
import { AwsError } from "../service";
import { attributeShape, checkAttribute, sizeOfAttributes, type Attributes } from "../sqs/attributes";
import type { Protocol } from "./topic";

export interface Publication {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** The message for whoever has none of their own. */
  readonly message: string;
  /** Messages by protocol, where the publisher gave several. */
  readonly messages: ReadonlyMap<string, string>;
  readonly attributes: Attributes;
}

/** Bytes, of a message with its attributes and of a whole batch. Source: SNS API reference, Publish. */
export const LONGEST_MESSAGE = 262_144;
/** Characters. */
const LONGEST_SUBJECT = 100;
const UNFIT_FOR_SUBJECT = /[\p{Control}\p{Surrogate}\u2028\u2029]/u;

const notModelled = z.never("is not modelled by the local stage, which has standard topics only").optional();

/** The members of a message, alone or in a batch. An empty list travels as an empty text. */
export const messageShape = {
  Message: z.string(),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z
    .union([z.literal(""), z.array(z.object({ Name: z.string(), Value: attributeShape }))])
    .default("")
    .transform((listed) => (listed === "" ? [] : listed)),
  MessageDeduplicationId: notModelled,
  MessageGroupId: notModelled,
};

export type WireMessage = z.output<z.ZodObject<typeof messageShape>>;

/** @throws AwsError for the first thing about the message that SNS would not take */
export function readPublication(
  { Message, Subject, MessageStructure, MessageAttributes }: WireMessage,
  topicArn: string,
  time: number,
): Publication {
  if (Message === "") throw invalid("Empty message");
  if (Subject !== undefined) checkSubject(Subject);
  const attributes = readAttributes(MessageAttributes);
  if (sizeOf(Message, attributes) > LONGEST_MESSAGE) throw invalid("Message too long");
  const messages = MessageStructure === undefined ? undefined : readStructure(MessageStructure, Message);
  return {
    id: randomUUID(),
    time,
    topicArn,
    subject: Subject,
    message: messages?.get("default") ?? Message,
    messages: messages ?? new Map(),
    attributes,
  };
}

/** The message as those get it who listen by that protocol. */
export function messageFor({ message, messages }: Publication, protocol: Protocol): string {
  return messages.get(protocol) ?? message;
}

/** @throws AwsError `BatchRequestTooLong` */
export function checkBatchSize(batch: readonly WireMessage[]): void {
  const bytes = batch.reduce((total, each) => total + sizeOf(each.Message, readAttributes(each.MessageAttributes)), 0);
  if (bytes <= LONGEST_MESSAGE) return;
  throw new AwsError(
    "BatchRequestTooLong",
    `The length of all the messages put together is more than the limit: ${bytes} bytes, at most ${LONGEST_MESSAGE}.`,
  );
}

function checkSubject(subject: string): void {
  if (subject === "" || subject.length > LONGEST_SUBJECT || UNFIT_FOR_SUBJECT.test(subject)) {
    throw invalid(`Subject (must have 1 to ${LONGEST_SUBJECT} characters, no line breaks and no control characters)`);
  }
}

function readAttributes(listed: WireMessage["MessageAttributes"]): Attributes {
  const attributes = Object.fromEntries(listed.map(({ Name, Value }) => [Name, Value]));
  if (Object.keys(attributes).length < listed.length) throw invalid("MessageAttributes (names must be distinct)");
  for (const [name, attribute] of Object.entries(attributes)) {
    checkAttribute(name, attribute);
    if (attribute.DataType === "String.Array") checkList(name, attribute.StringValue ?? "");
  }
  return attributes;
}

/** A list of texts, numbers, true, false and null, as JSON. */
function checkList(name: string, text: string): void {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (Array.isArray(list) && list.every((item) => item === null || typeof item !== "object")) return;
  throw new AwsError(
    "InvalidParameterValue",
    `The message attribute '${name}' must have a JSON list of texts, numbers, true, false or null as its value, because its type is String.Array.`,
  );
}

/** Messages by protocol, `default` among them; what is no text is left out, as SNS does. */
function readStructure(structure: string, message: string): ReadonlyMap<string, string> {
  if (structure !== "json") throw invalid('MessageStructure (must be "json" where it is given)');
  const parsed = parseStructure(message);
  const texts = Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const messages = new Map(texts);
  if (!messages.has("default")) throw invalid("Message Structure - No default entry in JSON message body");
  return messages;
}

function parseStructure(message: string): object {
  try {
    const parsed = parseJson(message, "Message");
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    // No JSON, or a key twice: refused below.
  }
  throw invalid("Message Structure - JSON message body failed to parse");
}

function sizeOf(message: string, attributes: Attributes): number {
  return Buffer.byteLength(message) + sizeOfAttributes(attributes);
}

function invalid(what: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${what}`);
}
