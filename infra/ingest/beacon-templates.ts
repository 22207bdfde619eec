/**
 * The mapping templates of the beacon API (Velocity, as API Gateway renders it).
 *
 * No input can break or forge a record: every value is escaped before it enters the record's JSON, the record is base64
 * before it enters the request's JSON, and the site is the domain that API Gateway served, which a query cannot override.
 * A value that Velocity inserts is never read as a template again.
 */

/** What a beacon may report. */
export const BROWSER_ACTIONS = ["Click", "Impression"] as const;

/** Characters of a retry identity. */
export const LONGEST_ID = 256;

const REASON = `browseraction must be ${BROWSER_ACTIONS.join(" or ")}, and id at most ${LONGEST_ID} characters`;

/** Escapes a Velocity reference for a JSON string: the JavaScript escape of a quote (\\') is none in JSON. */
const escaped = (reference: string): string => `$util.escapeJavaScript(${reference}).replaceAll("\\\\'","'")`;

/**
 * Turns the request into Kinesis `PutRecord`. An inadmissible beacon becomes a request that Kinesis must refuse (it has
 * no data): the integration cannot be left out, but nothing reaches the stream.
 */
export function putRecordTemplate(streamName: string): string {
  const admissible = BROWSER_ACTIONS.map((action) => `$action == "${action}"`).join(" || ");
  return `#set($query = $input.params().querystring)
#set($action = "$!query.get('browseraction')")
#set($id = "$!query.get('id')")
#set($agent = "$!context.identity.userAgent")
#set($site = ${escaped("$context.domainName")})
#if((${admissible}) && $id.length() <= ${LONGEST_ID})
#set($record = '{"browseraction":"' + $action + '","site":"' + $site + '"')
#if($id != "")#set($record = $record + ',"id":"' + ${escaped("$id")} + '"')#end
#set($record = $record + ',"request_id":"' + $context.requestId + '","time":' + $context.requestTimeEpoch)
#set($record = $record + ',"user_agent":"' + ${escaped("$agent")} + '","source_ip":"' + $context.identity.sourceIp + '"}')
{"StreamName":"${streamName}","PartitionKey":"$site","Data":"$util.base64Encode($record)"}
#else
{"StreamName":"${streamName}"}
#end
`;
}

/** 200 means durable: Kinesis has the record in three zones. */
export const ACCEPTED_TEMPLATE = `{"accepted":true}`;

/**
 * What Kinesis refused. Too much traffic is worth another try with the same id; anything else is the beacon's own fault.
 */
export const REFUSED_TEMPLATE = `#set($type = "$!input.path('$.__type')")
#if($type.contains("ThroughputExceeded") || $type.contains("Throttling") || $type.contains("LimitExceeded"))
#set($context.responseOverride.status = 503)
#set($context.responseOverride.header.Retry-After = "1")
{"accepted":false,"retry":true,"reason":"too many beacons at this moment: send it again with the same id"}
#else
{"accepted":false,"retry":false,"reason":"${REASON}"}
#end
`;

export const UNAVAILABLE_TEMPLATE = `{"accepted":false,"retry":true,"reason":"the stream is not available: send the beacon again with the same id"}`;

/** Answers that API Gateway gives by itself, before the integration; not Velocity, only variables. */
export const GATEWAY_REFUSAL_TEMPLATE = `{"accepted":false,"retry":false,"reason":$context.error.messageString}`;
export const GATEWAY_THROTTLE_TEMPLATE = `{"accepted":false,"retry":true,"reason":$context.error.messageString}`;

/** What the access log keeps of a request: no query, no body. */
export const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  method: "$context.httpMethod",
  path: "$context.resourcePath",
  status: "$context.status",
  latency: "$context.responseLatency",
  error: "$context.error.responseType",
});
