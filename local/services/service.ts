/**
 * The shape of an AWS service in a running stage: named operations that say whom they need permission from before they
 * act, behind one wire protocol. Callers inside the stage (a mapping that polls, a topic that delivers) and callers from
 * outside (any AWS client) take the same way in: {@link Dispatch}.
 */
import type { z } from "zod";
import type { Principal } from "../iam/principal";
import type { Reply, Request } from "../endpoint/http";
import type { AwsError } from "./aws-error";
import { inputError } from "./input-error";

export { AwsError } from "./aws-error";

/** One permission that AWS checks before an operation acts. */
export interface Check {
  /** `kinesis:PutRecord`. */
  readonly action: string;
  /** ARN of what is acted on, or `*` where the action knows no resource. */
  readonly resource: string;
  /** Condition keys that this call brings, beside those every call has. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Who calls, and how the call is known. */
export interface Call {
  readonly caller: Principal;
  readonly requestId: string;
}

/** An operation whose input has been read and whose types are forgotten, as a service lists them. */
export interface Operation {
  parse(wire: unknown): unknown;
  checks(input: unknown, call: Call): readonly Check[];
  run(input: unknown, call: Call): unknown;
}

/**
 * Declares an operation.
 * @param shape the input as it travels; a value that does not fit is refused with AWS's validation error
 * @param checks every permission needed; an operation that needs none (sts:GetCallerIdentity) says so with an empty list
 */
export function operation<Shape extends z.ZodType, Output>(declared: {
  shape: Shape;
  checks: (input: z.output<Shape>, call: Call) => readonly Check[];
  run: (input: z.output<Shape>, call: Call) => Output | Promise<Output>;
}): Operation {
  return {
    parse: (wire) => {
      const read = declared.shape.safeParse(wire, { reportInput: true });
      if (!read.success) throw inputError(read.error);
      return read.data;
    },
    checks: (input, call) => declared.checks(input as z.output<Shape>, call),
    run: (input, call) => declared.run(input as z.output<Shape>, call),
  };
}

/** An answer, or a part of one, whose members are made when it is written: `JSON.stringify` asks for them. */
export interface WrittenLate {
  toJSON(): unknown;
}

export function isWrittenLate(value: object): value is WrittenLate {
  return "toJSON" in value && typeof value.toJSON === "function";
}

/** How a service's operations travel over HTTP. */
export interface Binding {
  /** Which operation a request names, and its input. @throws AwsError when it names none */
  read(request: Request): { operation: string; input: unknown };
  reply(operation: string, output: unknown, requestId: string): Reply;
  fail(error: AwsError, requestId: string): Reply;
}

export interface Service {
  /** The service's name in the credential scope of a signed request, e.g. `kinesis`. */
  readonly signingName: string;
  readonly binding: Binding;
  /** The error code with which this service refuses a caller without permission. */
  readonly deniedCode: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /**
   * Lets go of what it keeps for a resource that is deleted or made anew, where that is in no folder of the resource's
   * own. Called before it starts.
   */
  forget?(resource: { readonly type: string; readonly name: string }): Promise<void>;
  /** Begins what the service does by itself, once the stage listens. */
  start?(): void;
  /** Ends what the service has under way; acknowledged data is on disk when this resolves. */
  close?(): Promise<void>;
}

/** An operation of a service by its name, which may be anything a caller wrote. */
export function operationOf({ operations }: Service, name: string): Operation | undefined {
  return Object.hasOwn(operations, name) ? operations[name] : undefined;
}

/**
 * Calls an operation as `caller`: reads the input, checks and records every permission, runs.
 * @throws AwsError as the service would answer
 */
export type Dispatch = (
  caller: Principal,
  service: string,
  operation: string,
  input: unknown,
  /** Condition keys that the caller brings, e.g. `aws:SourceArn` where a service calls for a resource. */
  context?: Readonly<Record<string, string>>,
) => Promise<unknown>;
