/** The account's side of access logs: the one role with which API Gateway writes all of them. */
import { StageError } from "../../../diagnostics";
import { optionalText, textOf } from "../../../graph/graph";
import type { Properties } from "../../../graph/value";
import type { ServiceContext } from "../../context";
import { AccessLog } from "../access-log";
import { ContextFormat } from "../mapping/context-format";

/**
 * @param settings a stage's `accessLogSettings`
 * @throws StageError when the log or the account's role cannot be used
 */
export function openAccessLog(settings: Properties, context: ServiceContext): AccessLog {
  const destination = textOf(settings, "destinationArn");
  const logGroup = /^arn:[\w-]+:logs:[\w-]+:\d+:log-group:([^:]+)(?::\*)?$/.exec(destination)?.[1];
  if (logGroup === undefined)
    throw new StageError(`the local stage writes access logs to log groups, got ${destination}`);
  const format = textOf(settings, "format");
  if (!/\$context\.(?:extendedRequestId|requestId)\b/.test(format)) {
    throw new StageError("an access log's format must have $context.requestId or $context.extendedRequestId");
  }
  return new AccessLog(
    context,
    logGroup,
    context.assume(accountRole(context), "apigateway.amazonaws.com", "ApiGateway-access-log"),
    new ContextFormat(format, "-"),
  );
}

function accountRole({ graph }: ServiceContext): string {
  const roles = graph
    .ofType("aws:apigateway/account:Account")
    .map(({ inputs }) => optionalText(inputs, "cloudwatchRoleArn"));
  const [role, second] = roles;
  if (second !== undefined && second !== role)
    throw new StageError("an account has one aws.apigateway.Account, the graph has several");
  if (role !== undefined) return role;
  throw new StageError("access logs need the account's role: add an aws.apigateway.Account with cloudwatchRoleArn");
}
