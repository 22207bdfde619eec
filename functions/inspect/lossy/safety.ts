/** Keys, logs, queues, topics and whatever else keeps things safe. */
import {
  becomes,
  changed,
  elementsGone,
  leaves,
  lowered,
  raised,
  removed,
  setAnew,
  shortened,
  switchedOff,
  switchedOn,
} from "./comparison";
import { loses, type LossyTable, opens, unshields } from "./rule";

const KEY = "AWS::KMS::Key";
const PULUMI_KEY = "aws:kms/key:Key";

export const KMS: LossyTable = {
  source: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
  rules: [
    loses(
      [`${KEY} Enabled`, `${PULUMI_KEY} isEnabled`],
      switchedOff(true),
      "nothing that is encrypted with it can be read",
      "keep the key enabled",
    ),
    unshields(
      [`${KEY} EnableKeyRotation`, `${PULUMI_KEY} enableKeyRotation`],
      switchedOff(),
      "the same key material is used for ever",
    ),
    unshields(
      [`${KEY} RotationPeriodInDays`, `${PULUMI_KEY} rotationPeriodInDays`],
      raised(365),
      "the same key material is used longer",
    ),
    unshields(
      [`${KEY} PendingWindowInDays`, `${PULUMI_KEY} deletionWindowInDays`],
      lowered(30),
      "a deleted key can be brought back for fewer days",
    ),
    unshields(
      [`${KEY} BypassPolicyLockoutSafetyCheck`, `${PULUMI_KEY} bypassPolicyLockoutSafetyCheck`],
      switchedOn(),
      "a policy that locks everyone out is accepted",
    ),
  ],
};

const GROUP = "AWS::Logs::LogGroup";
const PULUMI_GROUP = "aws:cloudwatch/logGroup:LogGroup";

export const LOGS: LossyTable = {
  source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  rules: [
    loses(
      [`${GROUP} RetentionInDays`, `${PULUMI_GROUP} retentionInDays`],
      shortened(0),
      "older log events are deleted",
      "export what must stay first",
    ),
    unshields(
      [`${GROUP} KmsKeyId`, `${PULUMI_GROUP} kmsKeyId`],
      removed(),
      "new log events are stored under AWS's own key",
    ),
    unshields(
      [`${GROUP} DeletionProtectionEnabled`, `${PULUMI_GROUP} deletionProtectionEnabled`],
      switchedOff(),
      "it can be deleted",
    ),
    unshields([`${GROUP} DataProtectionPolicy`], removed(), "personal data is no longer masked"),
    unshields([`${PULUMI_GROUP} skipDestroy`], switchedOff(), "leaving the stack deletes it"),
  ],
};

const QUEUE = "AWS::SQS::Queue";
const PULUMI_QUEUE = "aws:sqs/queue:Queue";
const TOPIC = "AWS::SNS::Topic";
const PULUMI_TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "AWS::SNS::Subscription";
const PULUMI_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

export const MESSAGING: LossyTable = {
  source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
  rules: [
    loses(
      [`${QUEUE} MessageRetentionPeriod`, `${PULUMI_QUEUE} messageRetentionSeconds`],
      lowered(345_600),
      "older messages are deleted",
      "let consumers catch up first",
    ),
    loses(
      [`${QUEUE} RedrivePolicy`, `${PULUMI_QUEUE} redrivePolicy`],
      removed(),
      "messages that always fail come again until they expire",
      "keep the dead-letter queue",
    ),
    loses(
      [`${QUEUE} MaximumMessageSize`, `${PULUMI_QUEUE} maxMessageSize`],
      lowered(262_144),
      "larger messages are refused",
      "make sure that no sender sends larger ones",
    ),
    unshields(
      [`${QUEUE} SqsManagedSseEnabled`, `${PULUMI_QUEUE} sqsManagedSseEnabled`],
      switchedOff(true),
      "messages are stored without encryption",
    ),
    unshields(
      [
        `${QUEUE} KmsMasterKeyId`,
        `${PULUMI_QUEUE} kmsMasterKeyId`,
        `${TOPIC} KmsMasterKeyId`,
        `${PULUMI_TOPIC} kmsMasterKeyId`,
      ],
      removed(),
      "messages are no longer encrypted with the key",
    ),
    loses(
      [`${TOPIC} Subscription`],
      elementsGone("Endpoint", "Protocol"),
      "it hears of nothing any more",
      "remove a subscription only when nobody waits for it",
    ),
    loses(
      [`${TOPIC} ArchivePolicy`, `${PULUMI_TOPIC} archivePolicy`],
      removed(),
      "archived messages can no longer be replayed",
      "keep the archive",
    ),
    loses(
      [`${SUBSCRIPTION} FilterPolicy`, `${PULUMI_SUBSCRIPTION} filterPolicy`],
      setAnew(),
      "messages that the filter does not match are dropped",
      "try the filter on a second subscription first",
    ),
    loses(
      [`${SUBSCRIPTION} RedrivePolicy`, `${PULUMI_SUBSCRIPTION} redrivePolicy`],
      removed(),
      "messages that cannot be delivered are lost",
      "keep the dead-letter queue",
    ),
    loses(
      [`${SUBSCRIPTION} RawMessageDelivery`, `${PULUMI_SUBSCRIPTION} rawMessageDelivery`],
      changed(),
      "receivers get messages in another form",
      "teach receivers both forms first",
    ),
  ],
};

export const OTHERS: LossyTable = {
  source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
  rules: [
    loses(
      ["AWS::AutoScaling::AutoScalingGroup MinSize", "aws:autoscaling/group:Group minSize"],
      lowered(),
      "fewer machines stay when the load is low; with 0, none",
      "keep the minimum",
    ),
    loses(
      ["AWS::MSK::Cluster NumberOfBrokerNodes", "aws:msk/cluster:Cluster numberOfBrokerNodes"],
      lowered(),
      "partitions on the brokers that go must be moved first",
      "move the partitions, then remove the brokers",
    ),
    loses(
      ["AWS::Events::Archive RetentionDays", "aws:cloudwatch/eventArchive:EventArchive retentionDays"],
      shortened(0),
      "older events are deleted",
      "keep the retention",
    ),
    loses(
      ["AWS::CloudWatch::Alarm ActionsEnabled", "aws:cloudwatch/metricAlarm:MetricAlarm actionsEnabled"],
      switchedOff(true),
      "nobody is told when it goes off",
      "keep its actions on",
    ),
    unshields(
      ["AWS::Cognito::UserPool DeletionProtection", "aws:cognito/userPool:UserPool deletionProtection"],
      leaves("ACTIVE"),
      "it can be deleted with its users",
    ),
    unshields(
      ["aws:secretsmanager/secret:Secret recoveryWindowInDays"],
      lowered(30),
      "a deleted secret can be brought back for fewer days",
    ),
    unshields(["aws:ecr/repository:Repository forceDelete"], switchedOn(), "it can be deleted with its images"),
    opens(
      ["AWS::Lambda::Url AuthType", "aws:lambda/functionUrl:FunctionUrl authorizationType"],
      becomes("NONE"),
      "everyone may call it",
    ),
    opens(
      ["AWS::ApiGateway::Method AuthorizationType", "aws:apigateway/method:Method authorization"],
      becomes("NONE"),
      "everyone may call it",
    ),
    opens(
      ["AWS::ApiGateway::Method ApiKeyRequired", "aws:apigateway/method:Method apiKeyRequired"],
      switchedOff(),
      "it can be called without a key",
    ),
    opens(
      ["AWS::WAFv2::WebACL Rules", "aws:wafv2/webAcl:WebAcl rules"],
      elementsGone("Name", "name"),
      "requests are let in that these rules stop",
    ),
    opens(
      ["AWS::WAFv2::WebACL DefaultAction", "aws:wafv2/webAcl:WebAcl defaultAction"],
      changed(),
      "other requests are let in",
    ),
  ],
};
