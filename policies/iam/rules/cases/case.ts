/**
 * For tests only: a rule with the smallest document it accuses, and the neighbour it leaves alone; and what such documents
 * are made of.
 */
import { allow, identity, type Json } from "../../corpus/labelled";
import type { DocumentSubject } from "../../subject";

export type Document = ReturnType<typeof identity>;

export interface Case {
  readonly rule: string;
  readonly wrong: Document;
  readonly place: string;
  readonly right: Document;
  readonly subject?: Partial<DocumentSubject>;
}

export const ACCOUNT = "111122223333";
export const OTHER = "999988887777";
export const on = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
export const QUEUE = on("sqs", "orders");
export const sends = (condition?: Json): Document => identity(allow("sqs:SendMessage", QUEUE, condition));
