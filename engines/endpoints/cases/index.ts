/** Every call that is made to every endpoint. */
import type { Case } from "../case";
import { CONTROL_CASES } from "./control";
import { DYNAMODB_CASES } from "./dynamodb";
import { KINESIS_CASES } from "./kinesis";
import { MESSAGE_CASES } from "./messages";
import { S3_CASES } from "./s3";

export const CASES: readonly Case[] = [
  ...S3_CASES,
  ...KINESIS_CASES,
  ...DYNAMODB_CASES,
  ...MESSAGE_CASES,
  ...CONTROL_CASES,
];
