/** Who works under a role: each property of AWS that takes one, and the service that then takes it on. */
import { refersTo, type Resource, type Stack } from "../../core/resource";

const USERS: readonly (readonly [type: string, property: string, service: string])[] = [
  ["aws:lambda/function:Function", "role", "lambda.amazonaws.com"],
  [
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "kinesisSourceConfiguration.roleArn",
    "firehose.amazonaws.com",
  ],
  [
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "extendedS3Configuration.roleArn",
    "firehose.amazonaws.com",
  ],
  ["aws:apigateway/integration:Integration", "credentials", "apigateway.amazonaws.com"],
  ["aws:apigateway/account:Account", "cloudwatchRoleArn", "apigateway.amazonaws.com"],
  ["aws:ecs/taskDefinition:TaskDefinition", "executionRoleArn", "ecs-tasks.amazonaws.com"],
  ["aws:ecs/taskDefinition:TaskDefinition", "taskRoleArn", "ecs-tasks.amazonaws.com"],
  ["aws:sfn/stateMachine:StateMachine", "roleArn", "states.amazonaws.com"],
  ["aws:codebuild/project:Project", "serviceRole", "codebuild.amazonaws.com"],
  ["aws:codepipeline/pipeline:Pipeline", "roleArn", "codepipeline.amazonaws.com"],
  ["aws:cloudwatch/eventTarget:EventTarget", "roleArn", "events.amazonaws.com"],
  ["aws:scheduler/schedule:Schedule", "target.roleArn", "scheduler.amazonaws.com"],
  ["aws:pipes/pipe:Pipe", "roleArn", "pipes.amazonaws.com"],
  ["aws:glue/crawler:Crawler", "role", "glue.amazonaws.com"],
  ["aws:glue/job:Job", "roleArn", "glue.amazonaws.com"],
  ["aws:ec2/flowLog:FlowLog", "iamRoleArn", "vpc-flow-logs.amazonaws.com"],
  ["aws:redshiftserverless/namespace:Namespace", "defaultIamRoleArn", "redshift.amazonaws.com"],
];

/** Service principals, each once, sorted. */
export function servicesUsing(stack: Stack, role: Resource): string[] {
  const services = USERS.filter(([type, property]) =>
    stack.ofType(type).some((user) => refersTo(user, property, role)),
  ).map(([, , service]) => service);
  return [...new Set(services)].sort();
}
