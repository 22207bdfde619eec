/**
 * What an action gives to whoever has it. The access level of the data misses most of what matters (`iam:PassRole` and
 * `iam:CreateAccessKey` are plain writes there), so the lists below were made by hand from AWS's documentation.
 */
import { matchesGlob } from "../pattern/glob";
import type { Action } from "./catalogue";

export type Power = "pass-role" | "linked-role" | "permissions" | "credentials" | "data" | "write" | "read";

export function powerOf(action: Action): Power {
  const known = powers.get(action.id);
  if (known !== undefined) return known;
  const power = decide(action);
  powers.set(action.id, power);
  return power;
}

const powers = new Map<string, Power>();

function decide(action: Action): Power {
  if (action.id === "iam:PassRole") return "pass-role";
  if (action.id === "iam:CreateServiceLinkedRole") return "linked-role";
  if (isListed(CREDENTIALS, action)) return "credentials";
  if (action.level === "permissions" || isListed(PERMISSIONS, action)) return "permissions";
  if (isListed(DATA, action)) return "data";
  return action.level === "write" || action.level === "tagging" ? "write" : "read";
}

/** Data that is secret as a whole: rights over all of it in an account are rights over the account. */
export function isSecret(action: Action): boolean {
  return isListed(SECRETS, action);
}

function isListed(lines: readonly string[], { service, name }: Action): boolean {
  return lines.some((line) => {
    const [prefix, ...names] = line.split(" ");
    return (prefix === "*" || prefix === service) && names.some((pattern) => matchesGlob(pattern, name));
  });
}

/** Answers that let their bearer act as somebody, or log in somewhere. */
export const CREDENTIALS: readonly string[] = [
  "sts AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetFederationToken AssumeRoot",
  "iam CreateAccessKey UpdateAccessKey CreateLoginProfile UpdateLoginProfile CreateServiceSpecificCredential ResetServiceSpecificCredential CreateVirtualMFADevice EnableMFADevice UploadSSHPublicKey UploadSigningCertificate",
  "codeartifact GetAuthorizationToken",
  "cognito-identity GetCredentialsForIdentity GetOpenIdToken*",
  "connect GetFederationToken",
  "ec2 GetPasswordData",
  "ec2-instance-connect SendSSHPublicKey",
  "gamelift RequestUploadCredentials GetComputeAuthToken GetInstanceAccess",
  "lightsail GetInstanceAccessDetails GetRelationalDatabaseMasterUserPassword",
  "rds-db connect",
  "redshift GetClusterCredentials*",
  "redshift-serverless GetCredentials",
  "dsql DbConnect*",
  "grafana CreateWorkspaceApiKey CreateWorkspaceServiceAccountToken",
  "snowball GetJobUnlockCode",
  "storagegateway DescribeChapCredentials",
];

/** Writes that change who may do what. */
export const PERMISSIONS: readonly string[] = [
  "iam CreateRole CreateUser CreatePolicy CreateInstanceProfile AddUserToGroup AddRoleToInstanceProfile CreateOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint AddClientIDToOpenIDConnectProvider CreateSAMLProvider UpdateSAMLProvider DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary DeactivateMFADevice DeleteVirtualMFADevice",
  "* PutResourcePolicy DeleteResourcePolicy",
  "lambda AddPermission AddLayerVersionPermission CreateFunctionUrlConfig UpdateFunctionUrlConfig",
  "kms CreateGrant PutKeyPolicy",
  "organizations AttachPolicy DetachPolicy UpdatePolicy",
];

export const DATA: readonly string[] = [
  "s3 GetObject GetObjectVersion GetObjectTorrent",
  "secretsmanager GetSecretValue BatchGetSecretValue",
  "ssm GetParameter GetParameters GetParametersByPath GetParameterHistory",
  "kms Decrypt ReEncryptFrom",
  "dynamodb GetItem BatchGetItem Query Scan PartiQLSelect GetRecords",
  "kinesis GetRecords SubscribeToShard",
  "sqs ReceiveMessage",
  "athena GetQueryResults*",
  "redshift-data ExecuteStatement BatchExecuteStatement GetStatementResult",
  "rds-data ExecuteStatement BatchExecuteStatement ExecuteSql",
  "logs GetLogEvents FilterLogEvents StartQuery StartLiveTail",
  "es ESHttpGet ESHttpPost",
  "aoss APIAccessAll",
  "kafka-cluster ReadData",
  "timestream Select",
  "ebs GetSnapshotBlock",
  "codecommit GitPull GetFile GetBlob",
  "ecr GetDownloadUrlForLayer",
  "lambda GetFunction",
  "glacier GetJobOutput",
];

const SECRETS: readonly string[] = ["secretsmanager GetSecretValue BatchGetSecretValue", "kms Decrypt ReEncryptFrom"];
