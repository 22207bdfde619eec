/**
 * Whether an action needs `*`, may have it, or must be given resources: the data's answer where it is clear, a reviewed
 * one where it is not. "Optional" in the data means "one of several types" for S3 objects and "hardly ever scoped" for
 * metrics, so those actions were decided by hand, by the reasons that stand beside them.
 */
import { matchesGlob } from "../pattern/glob";
import type { Action } from "./catalogue";

export type Scope = "must-star" | "may-scope" | "must-scope";

export function scopeOf(action: Action): Scope {
  if (action.types.length === 0) return "must-star";
  if (isOneOf(MAY_STAR, action)) return "may-scope";
  if (action.types.some(({ required }) => required) || isOneOf(MUST_SCOPE, action)) return "must-scope";
  // Lists and descriptions with optional types only filter what they show; everything else acts on what it names.
  const looks = action.level === "list" || /^(List|Describe)/.test(action.name);
  return looks ? "may-scope" : "must-scope";
}

function isOneOf(patterns: ReadonlyMap<string, readonly string[]>, { service, name }: Action): boolean {
  return patterns.get(service)?.some((pattern) => matchesGlob(pattern, name)) === true;
}

function byService(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    lines.map((line) => {
      const [service = "", ...names] = line.split(" ");
      return [service, names];
    }),
  );
}

/** `*` is right, whatever types the data lists. */
export const MAY_STAR = byService([
  // The account or the organisation is the only resource there is.
  "account Get* List*",
  "organizations List* Describe*",
  "billing *",
  "ce *",
  "budgets View* Describe*",
  "payments Get* List*",
  "purchase-orders View*",
  "securityhub Get* List* BatchGet* Describe* SendFindingEvents SendInsightEvents BatchImportFindings",
  "servicequotas *",
  "health Describe*",
  "iam ListMFADevices SimulatePrincipalPolicy GetContextKeysForPrincipalPolicy",
  // Metrics, alarms and log groups are looked up by name across the account.
  "cloudwatch PutMetricData Get* List* Describe*",
  "logs DescribeLogGroups",
  // Stateless processing of what the request carries.
  "polly SynthesizeSpeech StartSpeechSynthesisStream",
  "rekognition Detect*",
  "comprehend Detect* BatchDetect*",
  "translate Translate*",
  "textract *",
  // Looked up before anything is named.
  "s3 GetBucketLocation",
  "route53 GetChange",
  "cloudformation DescribeStacks GetTemplateSummary ListStacks ValidateTemplate",
  "elasticloadbalancing Describe*",
  "autoscaling Describe*",
  "ecs ListClusters ListServices ListTasks ListContainerInstances DescribeClusters DescribeContainerInstances",
  "sns GetSubscriptionAttributes Unsubscribe SetSubscriptionAttributes",
  "sts SetSourceIdentity SetContext",
  "ssm UpdateInstanceInformation PutComplianceItems GetConnectionStatus",
]);

/** Data behind lists whose types are alternatives: without a name they take in every bucket. */
export const MUST_SCOPE = byService(["s3 ListBucket ListBucketVersions ListMultipartUploadParts ListObject*"]);
