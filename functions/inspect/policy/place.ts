/** Where policies stand in resources, by type. */
import type { PropertyPath } from "../sight";

/**
 * - document: one policy document.
 * - named: a list of policies with names.
 * - names: a list of policies, principals or rules, each of which gives something away.
 * - boundary: what bounds the rest; taking it off or changing it opens.
 */
export type PlaceShape = "document" | "named" | "names" | "boundary";

export interface PolicyPlace {
  readonly shape: PlaceShape;
  readonly path: PropertyPath;
  /** A document that is not there lets everyone in, or falls back to one that is wider. */
  readonly openWhenAbsent: boolean;
}

const PLACES: readonly (readonly [shape: PlaceShape, places: string])[] = [
  [
    "document",
    "AWS::IAM::Role AssumeRolePolicyDocument; AWS::IAM::Policy PolicyDocument; AWS::IAM::RolePolicy PolicyDocument; " +
      "AWS::IAM::UserPolicy PolicyDocument; AWS::IAM::GroupPolicy PolicyDocument; AWS::IAM::ManagedPolicy PolicyDocument; " +
      "AWS::S3::BucketPolicy PolicyDocument; AWS::SNS::TopicPolicy PolicyDocument; AWS::SQS::QueuePolicy PolicyDocument; " +
      "AWS::KMS::Key KeyPolicy !; AWS::SecretsManager::ResourcePolicy ResourcePolicy; " +
      "AWS::Kinesis::ResourcePolicy ResourcePolicy; AWS::DynamoDB::Table ResourcePolicy.PolicyDocument; " +
      "AWS::ApiGateway::RestApi Policy !; AWS::EC2::VPCEndpoint PolicyDocument !; AWS::ECR::Repository RepositoryPolicyText; " +
      "AWS::Logs::ResourcePolicy PolicyDocument; AWS::OpenSearchService::Domain AccessPolicies; AWS::EFS::FileSystem FileSystemPolicy",
  ],
  [
    "document",
    "aws:iam/role:Role assumeRolePolicy; aws:iam/rolePolicy:RolePolicy policy; aws:iam/userPolicy:UserPolicy policy; " +
      "aws:iam/groupPolicy:GroupPolicy policy; aws:iam/policy:Policy policy; aws:s3/bucketPolicy:BucketPolicy policy; " +
      "aws:s3/bucket:Bucket policy; aws:sns/topicPolicy:TopicPolicy policy; aws:sns/topic:Topic policy; " +
      "aws:sqs/queuePolicy:QueuePolicy policy; aws:sqs/queue:Queue policy; aws:kms/key:Key policy !; " +
      "aws:kms/keyPolicy:KeyPolicy policy !; aws:secretsmanager/secretPolicy:SecretPolicy policy; " +
      "aws:secretsmanager/secret:Secret policy; aws:kinesis/resourcePolicy:ResourcePolicy policy; " +
      "aws:dynamodb/resourcePolicy:ResourcePolicy policy; aws:apigateway/restApi:RestApi policy !; " +
      "aws:apigateway/restApiPolicy:RestApiPolicy policy !; aws:ec2/vpcEndpoint:VpcEndpoint policy !; " +
      "aws:ecr/repositoryPolicy:RepositoryPolicy policy; aws:cloudwatch/logResourcePolicy:LogResourcePolicy policyDocument; " +
      "aws:opensearch/domain:Domain accessPolicies; aws:efs/fileSystemPolicy:FileSystemPolicy policy",
  ],
  [
    "named",
    "AWS::IAM::Role Policies; AWS::IAM::User Policies; AWS::IAM::Group Policies; aws:iam/role:Role inlinePolicies",
  ],
  [
    "names",
    "AWS::IAM::Role ManagedPolicyArns; AWS::IAM::User ManagedPolicyArns; AWS::IAM::Group ManagedPolicyArns; " +
      "AWS::IAM::User Groups; AWS::IAM::Policy Roles; AWS::IAM::Policy Users; AWS::IAM::Policy Groups; " +
      "AWS::IAM::ManagedPolicy Roles; AWS::IAM::ManagedPolicy Users; AWS::IAM::ManagedPolicy Groups; " +
      "aws:iam/role:Role managedPolicyArns; AWS::EC2::SecurityGroup SecurityGroupIngress; " +
      "AWS::EC2::SecurityGroup SecurityGroupEgress; aws:ec2/securityGroup:SecurityGroup ingress; " +
      "aws:ec2/securityGroup:SecurityGroup egress",
  ],
  [
    "boundary",
    "AWS::IAM::Role PermissionsBoundary; AWS::IAM::User PermissionsBoundary; aws:iam/role:Role permissionsBoundary; " +
      "aws:iam/user:User permissionsBoundary; AWS::EC2::SecurityGroupIngress CidrIp; " +
      "AWS::EC2::SecurityGroupIngress CidrIpv6; AWS::EC2::SecurityGroupIngress FromPort; AWS::EC2::SecurityGroupIngress ToPort; " +
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule cidrIpv4; " +
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule cidrIpv6; " +
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule fromPort; " +
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule toPort; " +
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule ipProtocol",
  ],
];

const BY_TYPE = new Map<string, PolicyPlace[]>();
for (const [shape, places] of PLACES) {
  for (const place of places.split("; ")) {
    const [type = "", path = "", absent] = place.split(" ");
    const known = BY_TYPE.get(type) ?? [];
    BY_TYPE.set(type, [...known, { shape, path: path.split("."), openWhenAbsent: absent === "!" }]);
  }
}

export function policyPlacesOf(type: string): readonly PolicyPlace[] {
  return BY_TYPE.get(type) ?? [];
}

/** `<type> <property path>` of every place, for tests. */
export function listedPlaces(): readonly string[] {
  return [...BY_TYPE].flatMap(([type, places]) => places.map(({ path }) => `${type} ${path.join(".")}`));
}
