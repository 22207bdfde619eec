/**
 * A second judge, for tests: it looks for destruction in the raw JSON with the plainest code there is, and knows nothing of
 * the guard. It finds far less; what it does find, the guard must not call safe.
 */

/** Made anew with every change by design. */
const REVISIONS = ["Deployment", "LayerVersion", "TaskDefinition", "AWS::Lambda::Version"];

function isRevision(type: string): boolean {
  return REVISIONS.some((name) => type.endsWith(name));
}

/** Settings that must not get smaller. */
const SIZES = ["RetentionPeriodHours", "retentionPeriod", "ShardCount", "shardCount", "MessageRetentionPeriod"];

type Loose = Record<string, unknown> | undefined | null;

export function seesDestructionInPages(pages: unknown): boolean {
  if (!Array.isArray(pages)) return false;
  for (const page of pages as Loose[]) {
    const changes = page?.["Changes"];
    if (!Array.isArray(changes)) continue;
    for (const change of changes as Loose[]) {
      const resource = change?.["ResourceChange"] as Loose;
      if (resource && isDestroyed(resource)) return true;
    }
  }
  return false;
}

function isDestroyed(resource: Record<string, unknown>): boolean {
  const type = String(resource["ResourceType"]);
  if (isRevision(type)) return false;
  if (resource["Action"] === "Remove") return true;
  if (resource["Action"] === "Dynamic") return true;
  if (resource["Action"] !== "Modify") return false;
  if (resource["Replacement"] === "True") return true;
  if (resource["Replacement"] !== "False" && resource["Replacement"] !== "Conditional") return true;
  if (JSON.stringify(resource["PolicyAction"] ?? "").includes("Delete") && resource["Replacement"] === "False")
    return true;
  const before = parse(resource["BeforeContext"]);
  const after = parse(resource["AfterContext"]);
  if (before?.["DeletionPolicy"] === "Retain" && after?.["DeletionPolicy"] === "Delete") return true;
  const [was, is] = [before?.["Properties"] as Loose, after?.["Properties"] as Loose];
  return isSuspended(was, is, type) || isSmaller(was, is, type);
}

function parse(context: unknown): Loose {
  try {
    return JSON.parse(String(context)) as Loose;
  } catch {
    return undefined;
  }
}

function isSuspended(before: Loose, after: Loose, type: string): boolean {
  const was = (before?.["VersioningConfiguration"] as Loose)?.["Status"];
  const is = (after?.["VersioningConfiguration"] as Loose)?.["Status"];
  return type === "AWS::S3::Bucket" && was === "Enabled" && is === "Suspended";
}

function isSmaller(before: Loose, after: Loose, type: string): boolean {
  if (!/Kinesis::Stream$|SQS::Queue$|kinesis\/stream:Stream$/.test(type)) return false;
  for (const name of SIZES) {
    const was = before?.[name];
    const is = after?.[name];
    if (typeof was === typeof is && (typeof was === "number" || typeof was === "string") && Number(is) < Number(was)) {
      return true;
    }
  }
  return false;
}

export function seesDestructionInPreview(preview: unknown): boolean {
  const steps = (preview as Loose)?.["steps"];
  if (!Array.isArray(steps)) return false;
  for (const step of steps as Loose[]) {
    if (step && isDestructive(step)) return true;
  }
  return false;
}

function isDestructive(step: Record<string, unknown>): boolean {
  const urn = String(step["urn"]);
  const type = urn.split("::")[2] ?? "";
  const before = step["oldState"] as Loose;
  const after = step["newState"] as Loose;
  if (type.startsWith("pulumi:") || isRevision(type)) return false;
  if (before?.["custom"] !== true || before["external"] === true) return false;
  if (step["op"] === "delete" || step["op"] === "delete-replaced") return before["id"] !== undefined && !mayPass(type);
  if (step["op"] === "same" && after && before["protect"] === true && after["protect"] !== true) return true;
  if (step["op"] !== "update") return false;
  return isSmaller(before["inputs"] as Loose, after?.["inputs"] as Loose, type);
}

/** Replacements that the guard lets pass when their cause is unknown. */
function mayPass(type: string): boolean {
  return type.endsWith("Permission");
}
