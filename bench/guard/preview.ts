/** A preview as large as platforms get, in the shape that `pulumi preview --json --show-sames` writes. */

const STACK = "urn:pulumi:prod::shop";

/** Of every hundred resources: how many the program changes in place, makes anew, or leaves alone. */
const UPDATES = 8;
const CREATES = 4;

/** @param steps of resources, beside the root's */
export function writePreview(steps: number): string {
  const ops = Array.from({ length: steps }, (_, place) => operationOf(place % 100));
  const counted = Object.groupBy(ops, (op) => op);
  const summary = Object.fromEntries(Object.entries(counted).map(([op, all]) => [op, all.length]));
  return JSON.stringify({
    config: { "shop:kept": "true" },
    steps: [rootStep(), ...ops.map(step)],
    duration: 41_000_000_000,
    changeSummary: { ...summary, same: (summary["same"] ?? 0) + 1 },
  });
}

function operationOf(place: number): "update" | "create" | "same" {
  return place < UPDATES ? "update" : place < UPDATES + CREATES ? "create" : "same";
}

function rootStep(): object {
  const urn = `${STACK}::pulumi:pulumi:Stack::shop-prod`;
  const state = { urn, custom: false, type: "pulumi:pulumi:Stack", inputs: {}, outputs: {} };
  return { op: "same", urn, oldState: state, newState: state };
}

function step(op: "update" | "create" | "same", place: number): object {
  const urn = `${STACK}::aws:sqs/queue:Queue::queue-${place}`;
  const before = op === "create" ? undefined : queue(urn, place, 30);
  const after = queue(urn, place, op === "update" ? 60 : 30);
  return {
    op,
    urn,
    provider: `${STACK}::pulumi:providers:aws::default::0b0b7f9e-53a7-4c5b-8d6e-2f8f6a0f6a11`,
    ...(before === undefined ? {} : { oldState: before }),
    newState: after,
    ...(op === "update"
      ? {
          diffReasons: ["visibilityTimeoutSeconds"],
          detailedDiff: { visibilityTimeoutSeconds: { kind: "update", inputDiff: true } },
        }
      : {}),
  };
}

function queue(urn: string, place: number, visibilityTimeoutSeconds: number): object {
  const name = `shop-queue-${place}`;
  const arn = `arn:aws:sqs:eu-central-1:000000000000:${name}`;
  const inputs = {
    __defaults: ["delaySeconds", "maxMessageSize"],
    delaySeconds: 0,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    kmsMasterKeyId: "alias/shop",
    name,
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: `${arn}-dead`, maxReceiveCount: 5 }),
    tags: { project: "shop", stage: "prod", owner: "platform" },
    visibilityTimeoutSeconds,
  };
  return {
    urn,
    custom: true,
    id: `https://sqs.eu-central-1.amazonaws.com/000000000000/${name}`,
    type: "aws:sqs/queue:Queue",
    inputs,
    outputs: { ...inputs, arn, tagsAll: inputs.tags },
    parent: `${STACK}::shop:queues:Group::group-${place % 50}`,
    provider: `${STACK}::pulumi:providers:aws::default::0b0b7f9e-53a7-4c5b-8d6e-2f8f6a0f6a11`,
    propertyDependencies: { kmsMasterKeyId: [`${STACK}::aws:kms/key:Key::key`] },
    dependencies: [`${STACK}::aws:kms/key:Key::key`],
  };
}
