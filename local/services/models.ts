/** Everything the stage models, by type token. A type or data source that is not here stops a program with its place. */
import type { Models } from "../monitor/monitor";
import { apigatewayModels } from "./apigateway/model";
import { cloudwatchModels } from "./cloudwatch/model";
import { codebuildModels } from "./codebuild/model";
import { codeconnectionsModels } from "./codeconnections/model";
import { codepipelineModels } from "./codepipeline/model";
import { cognitoModels } from "./cognito/model";
import { dynamodbModels } from "./dynamodb/model";
import { ec2Models } from "./ec2/model";
import { eventsModels } from "./events/model";
import { firehoseModels } from "./firehose/model";
import { iamModels } from "./iam/model";
import { kinesisModels } from "./kinesis/model";
import { kmsModels } from "./kms/model";
import { lambdaModels } from "./lambda/model";
import { logsModels } from "./logs/model";
import type { DataFolderOf, ReplacementFact, ServiceModels } from "./model";
import { s3Models } from "./s3/model";
import { snsModels } from "./sns/model";
import { sqsModels } from "./sqs/model";
import { statesModels } from "./states/model";
import { stsModels } from "./sts/model";
import { wafv2Models } from "./wafv2/model";

const SERVICES: readonly ServiceModels[] = [
  apigatewayModels,
  cloudwatchModels,
  codebuildModels,
  codeconnectionsModels,
  codepipelineModels,
  cognitoModels,
  dynamodbModels,
  ec2Models,
  eventsModels,
  firehoseModels,
  iamModels,
  kinesisModels,
  kmsModels,
  lambdaModels,
  logsModels,
  s3Models,
  snsModels,
  sqsModels,
  statesModels,
  stsModels,
  wafv2Models,
];

export const models: Models = {
  resources: Object.assign({}, ...SERVICES.map((service) => service.resources)) as Models["resources"],
  functions: Object.assign({}, ...SERVICES.map((service) => service.functions ?? {})) as Models["functions"],
};

/** What cannot be changed in place, by type token. */
export const replacementFacts: Readonly<Record<string, ReplacementFact>> = Object.assign(
  {},
  ...SERVICES.map((service) => service.replacedBy ?? {}),
) as Record<string, ReplacementFact>;

/** Which folder holds a resource's data, by type token; other types keep none of their own. */
export const dataFolders: Readonly<Record<string, DataFolderOf>> = Object.assign(
  {},
  ...SERVICES.map((service) => service.keepsIn ?? {}),
) as Record<string, DataFolderOf>;
