/**
 * What is lost when a resource of a type is replaced. Decides how hard a replacement that only may happen is judged; a
 * type that is not listed counts as holding data.
 *
 * Types as in the CloudFormation resource reference
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html) and in the
 * tokens of Pulumi's AWS package (https://www.pulumi.com/registry/packages/aws/api-docs/).
 */

/**
 * - data: it holds what cannot be made again.
 * - address: it holds nothing, but others know it by its name, ARN or endpoint.
 * - plain: a setting or an attachment; a new one is as good.
 * - revision: made anew with every change by design; whoever uses it moves on to the new one first.
 */
export const RESOURCE_CLASSES = ["data", "address", "plain", "revision"] as const;

export interface ResourceClass {
  readonly kind: (typeof RESOURCE_CLASSES)[number];
  /** What goes with it, for people. */
  readonly holds: string;
}

type Listed = readonly [kind: ResourceClass["kind"], holds: string, types: string];

const LISTED: readonly Listed[] = [
  ["data", "its objects", "AWS::S3::Bucket aws:s3/bucket:Bucket AWS::S3Express::DirectoryBucket"],
  ["data", "the object", "aws:s3/bucketObject:BucketObject aws:s3/bucketObjectv2:BucketObjectv2"],
  ["data", "its items", "AWS::DynamoDB::Table AWS::DynamoDB::GlobalTable aws:dynamodb/table:Table"],
  ["data", "records not read yet", "AWS::Kinesis::Stream aws:kinesis/stream:Stream"],
  [
    "data",
    "records not delivered yet",
    "AWS::KinesisFirehose::DeliveryStream aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  ],
  ["data", "messages not received yet", "AWS::SQS::Queue aws:sqs/queue:Queue"],
  ["data", "messages published while it is gone", "AWS::SNS::Subscription aws:sns/topicSubscription:TopicSubscription"],
  [
    "data",
    "its position in the stream",
    "AWS::Lambda::EventSourceMapping aws:lambda/eventSourceMapping:EventSourceMapping",
  ],
  [
    "data",
    "its databases",
    "AWS::Redshift::Cluster aws:redshift/cluster:Cluster AWS::RedshiftServerless::Namespace " +
      "aws:redshiftserverless/namespace:Namespace AWS::RDS::DBInstance AWS::RDS::DBCluster aws:rds/instance:Instance " +
      "aws:rds/cluster:Cluster AWS::Neptune::DBCluster aws:neptune/cluster:Cluster AWS::DocDB::DBCluster " +
      "aws:docdb/cluster:Cluster AWS::Timestream::Database AWS::Timestream::Table",
  ],
  [
    "data",
    "its tables and partitions",
    "AWS::Glue::Database AWS::Glue::Table aws:glue/catalogDatabase:CatalogDatabase aws:glue/catalogTable:CatalogTable " +
      "AWS::Glue::Registry AWS::Glue::Schema aws:glue/registry:Registry aws:glue/schema:Schema",
  ],
  [
    "data",
    "everything that is encrypted with it",
    "AWS::KMS::Key AWS::KMS::ReplicaKey aws:kms/key:Key aws:kms/replicaKey:ReplicaKey",
  ],
  [
    "data",
    "its log events",
    "AWS::Logs::LogGroup AWS::Logs::LogStream aws:cloudwatch/logGroup:LogGroup aws:cloudwatch/logStream:LogStream",
  ],
  [
    "data",
    "its users and identities",
    "AWS::Cognito::UserPool AWS::Cognito::IdentityPool AWS::Cognito::UserPoolUser aws:cognito/userPool:UserPool " +
      "aws:cognito/identityPool:IdentityPool aws:cognito/user:User",
  ],
  ["data", "its secret value", "AWS::SecretsManager::Secret aws:secretsmanager/secret:Secret AWS::SSM::Parameter"],
  ["data", "its topics", "AWS::MSK::Cluster AWS::MSK::ServerlessCluster aws:msk/cluster:Cluster"],
  [
    "data",
    "its indices",
    "AWS::OpenSearchService::Domain AWS::Elasticsearch::Domain aws:opensearch/domain:Domain " +
      "AWS::OpenSearchServerless::Collection",
  ],
  [
    "data",
    "its files",
    "AWS::EFS::FileSystem aws:efs/fileSystem:FileSystem AWS::EC2::Volume aws:ebs/volume:Volume AWS::EC2::Instance " +
      "aws:ec2/instance:Instance",
  ],
  ["data", "its images", "AWS::ECR::Repository aws:ecr/repository:Repository"],
  ["data", "its commits", "AWS::CodeCommit::Repository aws:codecommit/repository:Repository"],
  ["data", "its backups", "AWS::Backup::BackupVault aws:backup/vault:Vault"],
  ["data", "its archived events", "AWS::Events::Archive aws:cloudwatch/eventArchive:EventArchive"],
  ["data", "everything in it", "AWS::CloudFormation::Stack aws:cloudformation/stack:Stack"],

  [
    "address",
    "the name and ARN that callers know",
    "AWS::Lambda::Function AWS::Lambda::Alias AWS::Lambda::Url aws:lambda/function:Function aws:lambda/alias:Alias " +
      "aws:lambda/functionUrl:FunctionUrl AWS::StepFunctions::StateMachine aws:sfn/stateMachine:StateMachine " +
      "AWS::SNS::Topic aws:sns/topic:Topic AWS::Events::Rule AWS::Events::EventBus " +
      "aws:cloudwatch/eventRule:EventRule aws:cloudwatch/eventBus:EventBus AWS::Kinesis::StreamConsumer " +
      "aws:kinesis/streamConsumer:StreamConsumer AWS::KMS::Alias aws:kms/alias:Alias",
  ],
  [
    "address",
    "the endpoint that clients call",
    "AWS::ApiGateway::RestApi AWS::ApiGateway::Stage AWS::ApiGateway::DomainName AWS::ApiGatewayV2::Api " +
      "AWS::ApiGatewayV2::Stage aws:apigateway/restApi:RestApi aws:apigateway/stage:Stage aws:apigatewayv2/api:Api " +
      "aws:apigatewayv2/stage:Stage AWS::CloudFront::Distribution aws:cloudfront/distribution:Distribution " +
      "AWS::ElasticLoadBalancingV2::LoadBalancer aws:lb/loadBalancer:LoadBalancer AWS::Route53::HostedZone " +
      "aws:route53/zone:Zone AWS::CertificateManager::Certificate aws:acm/certificate:Certificate",
  ],
  [
    "address",
    "the identity that policies and sessions name",
    "AWS::IAM::Role AWS::IAM::User AWS::IAM::Group AWS::IAM::ManagedPolicy AWS::IAM::InstanceProfile " +
      "AWS::IAM::AccessKey aws:iam/role:Role aws:iam/user:User aws:iam/group:Group aws:iam/policy:Policy " +
      "aws:iam/accessKey:AccessKey AWS::Cognito::UserPoolClient AWS::Cognito::UserPoolDomain " +
      "aws:cognito/userPoolClient:UserPoolClient aws:cognito/userPoolDomain:UserPoolDomain",
  ],
  [
    "address",
    "the network that others are attached to",
    "AWS::EC2::VPC AWS::EC2::Subnet AWS::EC2::SecurityGroup AWS::EC2::VPCEndpoint aws:ec2/vpc:Vpc " +
      "aws:ec2/subnet:Subnet aws:ec2/securityGroup:SecurityGroup aws:ec2/vpcEndpoint:VpcEndpoint awsx:ec2:Vpc " +
      "AWS::WAFv2::WebACL aws:wafv2/webAcl:WebAcl",
  ],
  [
    "address",
    "work in progress",
    "AWS::ECS::Cluster AWS::ECS::Service aws:ecs/cluster:Cluster aws:ecs/service:Service AWS::Glue::Job " +
      "AWS::Glue::Crawler aws:glue/job:Job aws:glue/crawler:Crawler AWS::EMRServerless::Application " +
      "aws:emrserverless/application:Application AWS::CodePipeline::Pipeline aws:codepipeline/pipeline:Pipeline " +
      "AWS::CodeBuild::Project aws:codebuild/project:Project AWS::AutoScaling::AutoScalingGroup " +
      "aws:autoscaling/group:Group AWS::RedshiftServerless::Workgroup aws:redshiftserverless/workgroup:Workgroup " +
      "AWS::Athena::WorkGroup aws:athena/workgroup:Workgroup",
  ],

  [
    "plain",
    "nothing",
    "AWS::CDK::Metadata AWS::CloudFormation::WaitConditionHandle AWS::CloudWatch::Alarm AWS::CloudWatch::Dashboard " +
      "AWS::CloudWatch::CompositeAlarm AWS::Lambda::Permission AWS::Lambda::EventInvokeConfig AWS::IAM::Policy " +
      "AWS::IAM::RolePolicy AWS::IAM::UserPolicy AWS::IAM::GroupPolicy AWS::S3::BucketPolicy AWS::SNS::TopicPolicy " +
      "AWS::SQS::QueuePolicy AWS::Kinesis::ResourcePolicy AWS::SecretsManager::ResourcePolicy AWS::Logs::MetricFilter " +
      "AWS::Logs::SubscriptionFilter AWS::Logs::ResourcePolicy AWS::ApiGateway::Account AWS::ApiGateway::Method " +
      "AWS::ApiGateway::Resource AWS::ApiGateway::Model AWS::ApiGateway::RequestValidator " +
      "AWS::ApiGateway::GatewayResponse AWS::ApiGatewayV2::Route AWS::ApiGatewayV2::Integration " +
      "AWS::EC2::SecurityGroupIngress AWS::EC2::SecurityGroupEgress AWS::EC2::Route AWS::EC2::RouteTable " +
      "AWS::EC2::SubnetRouteTableAssociation AWS::WAFv2::WebACLAssociation AWS::Route53::RecordSet " +
      "AWS::ApplicationAutoScaling::ScalableTarget AWS::ApplicationAutoScaling::ScalingPolicy " +
      "AWS::AutoScaling::ScalingPolicy AWS::Cognito::IdentityPoolRoleAttachment AWS::CodeStarNotifications::NotificationRule",
  ],
  [
    "plain",
    "nothing",
    "aws:cloudwatch/metricAlarm:MetricAlarm aws:cloudwatch/dashboard:Dashboard aws:cloudwatch/eventTarget:EventTarget " +
      "aws:cloudwatch/logMetricFilter:LogMetricFilter aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter " +
      "aws:cloudwatch/logResourcePolicy:LogResourcePolicy aws:lambda/permission:Permission " +
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig aws:iam/rolePolicy:RolePolicy " +
      "aws:iam/userPolicy:UserPolicy aws:iam/groupPolicy:GroupPolicy aws:iam/rolePolicyAttachment:RolePolicyAttachment " +
      "aws:s3/bucketPolicy:BucketPolicy aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock " +
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls aws:s3/bucketVersioning:BucketVersioning " +
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration aws:s3/bucketNotification:BucketNotification " +
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration " +
      "aws:sns/topicPolicy:TopicPolicy aws:sqs/queuePolicy:QueuePolicy aws:kinesis/resourcePolicy:ResourcePolicy " +
      "aws:apigateway/account:Account aws:apigateway/method:Method aws:apigateway/resource:Resource " +
      "aws:apigateway/integration:Integration aws:apigateway/integrationResponse:IntegrationResponse " +
      "aws:apigateway/methodResponse:MethodResponse aws:apigateway/methodSettings:MethodSettings " +
      "aws:apigateway/response:Response aws:apigateway/requestValidator:RequestValidator aws:apigateway/model:Model " +
      "aws:apigatewayv2/route:Route aws:apigatewayv2/integration:Integration " +
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule " +
      "aws:ec2/routeTable:RouteTable aws:ec2/route:Route aws:ec2/routeTableAssociation:RouteTableAssociation " +
      "aws:wafv2/webAclAssociation:WebAclAssociation aws:route53/record:Record " +
      "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment aws:appautoscaling/target:Target " +
      "aws:appautoscaling/policy:Policy pulumi:pulumi:StackReference",
  ],

  [
    "revision",
    "nothing",
    "AWS::ApiGateway::Deployment AWS::ApiGatewayV2::Deployment AWS::Lambda::Version AWS::Lambda::LayerVersion " +
      "AWS::ECS::TaskDefinition aws:apigateway/deployment:Deployment aws:apigatewayv2/deployment:Deployment " +
      "aws:lambda/layerVersion:LayerVersion aws:ecs/taskDefinition:TaskDefinition",
  ],
];

const BY_TYPE = new Map<string, ResourceClass>(
  LISTED.flatMap(([kind, holds, types]) => types.split(" ").map((type) => [type, { kind, holds }] as const)),
);

const UNLISTED: ResourceClass = { kind: "data", holds: "whatever it holds: the guard does not know its type" };

export function classOfType(type: string): ResourceClass {
  return BY_TYPE.get(unversionedType(type)) ?? UNLISTED;
}

/** Types the table knows, for tests and documentation. */
export function listedTypes(): readonly string[] {
  return [...BY_TYPE.keys()];
}

/** S3's resources were called V2 for one major version of Pulumi's AWS package; they are the same resources. */
export function unversionedType(type: string): string {
  return type.startsWith("aws:s3/") ? type.replaceAll(/V2(?=:|$)/g, "") : type;
}
