/** Which resources make a component a station of the journey, and what kind of station it is. */

export type StationKind =
  | "outside"
  | "door"
  | "stream"
  | "function"
  | "container"
  | "machine"
  | "job"
  | "warehouse"
  | "delivery"
  | "queue"
  | "topic"
  | "table"
  | "bucket"
  | "alarms"
  | "identity";

export interface Plane {
  readonly kind: StationKind;
  /** What people call it. */
  readonly noun: string;
}

/** By type token; where a component holds several, the first of this list says what it is. */
const PLANES: readonly (readonly [type: string, kind: StationKind, noun: string])[] = [
  ["aws:apigateway/restApi:RestApi", "door", "API Gateway"],
  ["aws:apigatewayv2/api:Api", "door", "API Gateway"],
  ["aws:lb/loadBalancer:LoadBalancer", "door", "Load balancer"],
  ["aws:codepipeline/pipeline:Pipeline", "machine", "Pipeline"],
  ["aws:sfn/stateMachine:StateMachine", "machine", "State machine"],
  ["aws:ecs/service:Service", "container", "Containers"],
  ["aws:emrserverless/application:Application", "job", "Spark"],
  ["aws:codebuild/project:Project", "job", "Build"],
  ["aws:lambda/function:Function", "function", "Function"],
  ["aws:kinesis/stream:Stream", "stream", "Stream"],
  ["aws:msk/cluster:Cluster", "stream", "Kafka"],
  ["aws:msk/serverlessCluster:ServerlessCluster", "stream", "Kafka"],
  ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "delivery", "Firehose"],
  ["aws:redshiftserverless/workgroup:Workgroup", "warehouse", "Redshift"],
  ["aws:redshift/cluster:Cluster", "warehouse", "Redshift"],
  ["aws:athena/workgroup:Workgroup", "warehouse", "Athena"],
  ["aws:quicksight/dashboard:Dashboard", "warehouse", "QuickSight"],
  ["aws:sqs/queue:Queue", "queue", "Queue"],
  ["aws:sns/topic:Topic", "topic", "Topic"],
  ["aws:dynamodb/table:Table", "table", "Table"],
  ["aws:s3/bucket:Bucket", "bucket", "Bucket"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "alarms", "Alarms"],
  ["aws:cognito/userPool:UserPool", "identity", "Sign-in"],
];

const RANKS = new Map(PLANES.map(([type], rank) => [type, rank]));

export function isPlane(type: string): boolean {
  return RANKS.has(type);
}

/** What a component with such resources is; one that has none of them is there by its role alone. */
export function planeOf(types: readonly string[]): Plane {
  const rank = Math.min(...types.map((type) => RANKS.get(type) ?? Infinity));
  const [, kind, noun] = PLANES[rank] ?? ["", "identity" as const, "Role"];
  return { kind, noun };
}
