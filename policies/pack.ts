/** The rules of the pack, by service. Their levels are a stage's own: policies/config/<stage>.json. */
import type { Rule } from "./core/rule";
import { noOriginMaySendCredentialsFromAnywhere } from "./rules/apigateway/no-origin-may-send-credentials-from-anywhere";
import { publicMethodsValidateRequests } from "./rules/apigateway/public-methods-validate-requests";
import { stagesAreThrottledAndLogNoBodies } from "./rules/apigateway/stages-are-throttled-and-log-no-bodies";
import { workgroupsSetTheRules } from "./rules/athena/workgroups-set-the-rules";
import { distributionsSpeakTlsOnly } from "./rules/cloudfront/distributions-speak-tls-only";
import { buildsAreConfined } from "./rules/codebuild/builds-are-confined";
import { artifactsUseOurKey } from "./rules/codepipeline/artifacts-use-our-key";
import { onlyInvitedUsersSignIn } from "./rules/cognito/only-invited-users-sign-in";
import { tablesAreEncryptedAndRestorable } from "./rules/dynamodb/tables-are-encrypted-and-restorable";
import { securityGroupsLetNobodyInFromEverywhere } from "./rules/ec2/security-groups-let-nobody-in-from-everywhere";
import { imagesCannotBeSwapped } from "./rules/ecr/images-cannot-be-swapped";
import { containersAreConfined } from "./rules/ecs/containers-are-confined";
import { servicesStayInside } from "./rules/ecs/services-stay-inside";
import { applicationsAreBounded } from "./rules/emr/applications-are-bounded";
import { deliveriesAreEncryptedAndExplainFailures } from "./rules/firehose/deliveries-are-encrypted-and-explain-failures";
import { streamsUseOurKey } from "./rules/kinesis/streams-use-our-key";
import { accessIsInTheMatrix } from "./rules/iam/access-is-in-the-matrix";
import { componentsShowTheirStatements } from "./rules/iam/components-show-their-statements";
import { policiesComeFromComponents } from "./rules/iam/policies-come-from-components";
import { policiesGrantWhatIsShown } from "./rules/iam/policies-grant-what-is-shown";
import { resourcePoliciesAreClosed } from "./rules/iam/resource-policies-are-closed";
import { rolesHoldLeastPrivilege } from "./rules/iam/roles-hold-least-privilege";
import { usersHoldLeastPrivilege } from "./rules/iam/users-hold-least-privilege";
import { keysRotateAndCanBeRescued } from "./rules/kms/keys-rotate-and-can-be-rescued";
import { environmentsHoldNoSecrets } from "./rules/lambda/environments-hold-no-secrets";
import { eventSourcesGiveUpInTheEnd } from "./rules/lambda/event-sources-give-up-in-the-end";
import { functionsRunCurrentRuntimes } from "./rules/lambda/functions-run-current-runtimes";
import { invokersNameTheirSource } from "./rules/lambda/invokers-name-their-source";
import { logGroupsAreEncryptedAndBounded } from "./rules/logs/log-groups-are-encrypted-and-bounded";
import { clustersSpeakTlsOnly } from "./rules/msk/clusters-speak-tls-only";
import { warehousesStayInside } from "./rules/redshift/warehouses-stay-inside";
import { bucketsArePrivate } from "./rules/s3/buckets-are-private";
import { bucketsKeepVersionsForAWhile } from "./rules/s3/buckets-keep-versions-for-a-while";
import { bucketsUseOurKey } from "./rules/s3/buckets-use-our-key";
import { secretsUseOurKey } from "./rules/secretsmanager/secrets-use-our-key";
import { stateMachinesLogNoData } from "./rules/sfn/state-machines-log-no-data";
import { topicsUseOurKey } from "./rules/sns/topics-use-our-key";
import { queuesUseOurKey } from "./rules/sqs/queues-use-our-key";
import { keptStateIsHeldOnto } from "./rules/state/kept-state-is-held-onto";
import { streamsAreKeptForAWeek } from "./rules/state/streams-are-kept-for-a-week";
import { resourcesNameTheirStage } from "./rules/tags/resources-name-their-stage";
import { endpointsSpeakCurrentTls } from "./rules/tls/endpoints-speak-current-tls";
import { resourcesRefusePlainHttp } from "./rules/tls/resources-refuse-plain-http";

export const PACK_NAME = "clickstream";

export const RULES: readonly Rule[] = [
  // Who may do what to what.
  policiesComeFromComponents,
  componentsShowTheirStatements,
  policiesGrantWhatIsShown,
  rolesHoldLeastPrivilege,
  usersHoldLeastPrivilege,
  resourcePoliciesAreClosed,
  accessIsInTheMatrix,
  // What an event meets on its way.
  stagesAreThrottledAndLogNoBodies,
  publicMethodsValidateRequests,
  noOriginMaySendCredentialsFromAnywhere,
  distributionsSpeakTlsOnly,
  streamsUseOurKey,
  clustersSpeakTlsOnly,
  deliveriesAreEncryptedAndExplainFailures,
  bucketsUseOurKey,
  bucketsArePrivate,
  bucketsKeepVersionsForAWhile,
  tablesAreEncryptedAndRestorable,
  queuesUseOurKey,
  topicsUseOurKey,
  warehousesStayInside,
  workgroupsSetTheRules,
  // What works on it.
  functionsRunCurrentRuntimes,
  eventSourcesGiveUpInTheEnd,
  invokersNameTheirSource,
  environmentsHoldNoSecrets,
  containersAreConfined,
  servicesStayInside,
  imagesCannotBeSwapped,
  applicationsAreBounded,
  stateMachinesLogNoData,
  buildsAreConfined,
  artifactsUseOurKey,
  // What all of it stands on.
  keysRotateAndCanBeRescued,
  secretsUseOurKey,
  logGroupsAreEncryptedAndBounded,
  onlyInvitedUsersSignIn,
  securityGroupsLetNobodyInFromEverywhere,
  resourcesRefusePlainHttp,
  endpointsSpeakCurrentTls,
  keptStateIsHeldOnto,
  streamsAreKeptForAWeek,
  resourcesNameTheirStage,
];
