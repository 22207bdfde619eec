/** How SNS speaks the query protocol: maps as `entry` elements, and its own names for what is wrong with an input. */
import { element, escapeXml, queryBinding, renderXml } from "../../endpoint/query-binding";
import { AwsError, type Binding } from "../service";

const NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

const query = queryBinding(NAMESPACE);

export const snsBinding: Binding = {
  ...query,
  reply: (operation, output, requestId) => ({
    ...query.reply(operation, undefined, requestId),
    body: element(
      `${operation}Response`,
      element(`${operation}Result`, renderMembers((output ?? {}) as Record<string, unknown>)) +
        element("ResponseMetadata", element("RequestId", requestId)),
      ` xmlns="${NAMESPACE}"`,
    ),
  }),
  fail: (error, requestId) => query.fail(asSnsError(error), requestId),
};

function renderMembers(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => element(name, value instanceof Map ? renderMap(value) : renderXml(value)))
    .join("");
}

function renderMap(map: ReadonlyMap<string, string>): string {
  return [...map]
    .map(([key, value]) => element("entry", element("key", escapeXml(key)) + element("value", escapeXml(value))))
    .join("");
}

function asSnsError({ code, message, status }: AwsError): AwsError {
  switch (code) {
    case "SerializationException":
    case "ValidationException":
      return new AwsError("InvalidParameter", `Invalid parameter: ${message}`);
    case "InvalidParameterValue":
    case "InvalidMessageContents":
      return new AwsError("ParameterValueInvalid", message);
    default:
      return new AwsError(code, message, status);
  }
}
