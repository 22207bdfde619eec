/** Messages and events as tasks: `sns:publish`, `sqs:sendMessage`, `events:putEvents`. Data may stand where text is needed. */
import { StateFailure } from "../language/failure";
import { isObject, type Json, type JsonObject } from "../language/json";
import { failureOf } from "./errors";
import type { Integration } from "./integration";

export const snsPublish: Integration = {
  async request({ work, session, stage }) {
    const { Message, MessageAttributes, ...rest } = isObject(work) ? work : {};
    const attributes = Object.entries(isObject(MessageAttributes) ? MessageAttributes : {});
    return (await stage.dispatch(session, "sns", "Publish", {
      ...rest,
      ...(Message === undefined ? {} : { Message: textOf(Message) }),
      ...(attributes.length === 0 ? {} : { MessageAttributes: attributes.map(([Name, Value]) => ({ Name, Value })) }),
    })) as Json;
  },
  nameOf: (error) =>
    failureOf("SNS", error.code === "AuthorizationError" ? "AuthorizationErrorException" : "AmazonSNSException", error),
};

export const sqsSendMessage: Integration = {
  async request({ work, session, stage }) {
    const { MessageBody, ...rest } = isObject(work) ? work : {};
    const body = MessageBody === undefined ? {} : { MessageBody: textOf(MessageBody) };
    return (await stage.dispatch(session, "sqs", "SendMessage", { ...rest, ...body })) as Json;
  },
  nameOf: (error) => failureOf("SQS", "AmazonSQSException", error),
};

export const eventsPutEvents: Integration = {
  async request({ work, session, stage, executionArn, machineArn }) {
    const { Entries } = isObject(work) ? work : {};
    const entries = Array.isArray(Entries) ? (Entries as readonly Json[]).filter(isObject) : [];
    const answer = (await stage.dispatch(session, "events", "PutEvents", {
      // Step Functions names the execution and the machine in every event.
      Entries: entries.map(({ Detail, Resources, ...rest }) => ({
        ...rest,
        ...(Detail === undefined ? {} : { Detail: textOf(Detail) }),
        Resources: [...(Array.isArray(Resources) ? (Resources as readonly Json[]) : []), executionArn, machineArn],
      })),
    })) as JsonObject;
    if (answer["FailedEntryCount"] !== 0) throw new StateFailure("EventBridge.FailedEntry", JSON.stringify(answer));
    return answer;
  },
  nameOf: (error) => failureOf("EventBridge", "AmazonEventBridgeException", error),
};

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
