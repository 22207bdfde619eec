/**
 * The services that a running stage has, in the order in which they open: what others lean on first. They close in the
 * reverse order, so that nothing is delivered into a service that is gone.
 */
import { ApiGatewayService } from "./apigateway/service";
import { CloudFormationService } from "./cloudformation/service";
import { CloudWatchService } from "./cloudwatch/service";
import { CodeBuildService } from "./codebuild/service";
import { CodePipelineService } from "./codepipeline/service";
import type { ServiceContext } from "./context";
import { DynamoDbService } from "./dynamodb/service";
import { EventsService } from "./events/service";
import { FirehoseService } from "./firehose/service";
import { KinesisService } from "./kinesis/service";
import { KmsService } from "./kms/service";
import { LambdaService } from "./lambda/service";
import { LogsService } from "./logs/service";
import { S3Service } from "./s3/service";
import type { Service } from "./service";
import { SnsService } from "./sns/service";
import { SqsService } from "./sqs/service";
import { StatesService } from "./states/service";
import { StsService } from "./sts/service";

export const OPENERS: readonly ((context: ServiceContext) => Promise<Service>)[] = [
  // Keys, identities, and what everybody reports to.
  (context) => KmsService.open(context),
  (context) => StsService.open(context),
  (context) => LogsService.open(context),
  (context) => CloudWatchService.open(context),
  // What keeps state.
  (context) => S3Service.open(context),
  (context) => DynamoDbService.open(context),
  (context) => SqsService.open(context),
  (context) => SnsService.open(context),
  (context) => KinesisService.open(context),
  // What moves it.
  (context) => FirehoseService.open(context),
  (context) => LambdaService.open(context),
  (context) => EventsService.open(context),
  (context) => StatesService.open(context),
  // What changes it.
  (context) => CloudFormationService.open(context),
  (context) => CodeBuildService.open(context),
  (context) => CodePipelineService.open(context),
  // What lets it in.
  (context) => ApiGatewayService.open(context),
];
