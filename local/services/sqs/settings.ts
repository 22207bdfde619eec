/** How the graph declares its queues: read once, checked against what SQS takes, policies brought to the authorizer. */
import { z } from "zod";
import { StageError } from "../../diagnostics";
import { describeResource, numberOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import type { ServiceContext } from "../context";
import { expectProperties } from "../kms/declaration";
import { keyArnOf } from "../kms/key-reference";

export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  /** How long a receiver waits that does not say: seconds. */
  readonly waitSeconds: number;
  /** Bytes. */
  readonly longestMessage: number;
  /** As the program named the key, and the key's ARN where it is one of the graph's. */
  readonly key:
    { readonly reference: string; readonly arn: string | undefined; readonly reuseSeconds: number } | undefined;
  readonly policy: string | undefined;
  readonly redrive: Redrive | undefined;
}

/** Where messages go that were received too often. */
export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** Seconds and bytes. Source: SQS API reference, SetQueueAttributes; what is usual is what AWS's provider sets. */
export const VISIBILITY: Range = { least: 0, most: 43_200, usual: 30 };
export const DELAY: Range = { least: 0, most: 900, usual: 0 };
export const RETENTION: Range = { least: 60, most: 1_209_600, usual: 345_600 };
export const WAIT: Range = { least: 0, most: 20, usual: 0 };
const MESSAGE_SIZE: Range = { least: 1024, most: 1_048_576, usual: 262_144 };
const KEY_REUSE: Range = { least: 60, most: 86_400, usual: 300 };

const QUEUE_PROPERTIES = [
  "delaySeconds",
  "kmsDataKeyReusePeriodSeconds",
  "kmsMasterKeyId",
  "maxMessageSize",
  "messageRetentionSeconds",
  "name",
  "namePrefix",
  "policy",
  "receiveWaitTimeSeconds",
  "redrivePolicy",
  "sqsManagedSseEnabled",
  "tags",
  "visibilityTimeoutSeconds",
];

const redriveShape = z.strictObject({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.int().min(1).max(1000),
});

/** @throws StageError naming the resource that the stage does not model, or that SQS would not take */
export function readQueues({ graph, authorizer }: ServiceContext): QueueSettings[] {
  const queues = graph.ofType("aws:sqs/queue:Queue");
  for (const type of ["aws:sqs/queuePolicy:QueuePolicy", "aws:sqs/redrivePolicy:RedrivePolicy"]) {
    expectTargets(graph.ofType(type), queues);
  }
  return queues.map((resource) => {
    expectProperties(resource, QUEUE_PROPERTIES);
    const { inputs, outputs } = resource;
    const arn = textOf(outputs, "arn");
    const policy = attached(graph, "aws:sqs/queuePolicy:QueuePolicy", "policy", resource);
    if (policy !== undefined) {
      const source = `policy of ${describeResource(resource)}`;
      authorizer.addResourcePolicy(arn, { source, document: policy }, resource.urn);
    }
    const reference = optionalText(inputs, "kmsMasterKeyId");
    return {
      name: textOf(outputs, "name"),
      arn,
      visibilitySeconds: within(resource, "visibilityTimeoutSeconds", VISIBILITY),
      delaySeconds: within(resource, "delaySeconds", DELAY),
      retentionSeconds: within(resource, "messageRetentionSeconds", RETENTION),
      waitSeconds: within(resource, "receiveWaitTimeSeconds", WAIT),
      longestMessage: within(resource, "maxMessageSize", MESSAGE_SIZE),
      key:
        reference === undefined
          ? undefined
          : {
              reference,
              arn: keyArnOf(reference, graph, resource),
              reuseSeconds: within(resource, "kmsDataKeyReusePeriodSeconds", KEY_REUSE),
            },
      policy,
      redrive: readRedrive(graph, resource),
    };
  });
}

function readRedrive(graph: Graph, resource: Resource): Redrive | undefined {
  const text = attached(graph, "aws:sqs/redrivePolicy:RedrivePolicy", "redrivePolicy", resource);
  if (text === undefined) return undefined;
  const read = redriveShape.safeParse(parseOrNothing(text));
  if (!read.success) {
    throw new StageError(
      `${describeResource(resource)}: redrivePolicy must be {"deadLetterTargetArn": the ARN of a queue, "maxReceiveCount": 1 to 1000}, got ${text}`,
    );
  }
  const target = graph
    .ofType("aws:sqs/queue:Queue")
    .find(({ outputs }) => outputs["arn"] === read.data.deadLetterTargetArn);
  if (target === undefined || target === resource) {
    throw new StageError(
      `${describeResource(resource)}: its dead-letter queue ${read.data.deadLetterTargetArn} must be another queue of this program`,
    );
  }
  return read.data;
}

/** A document of a queue, which stands in a resource of its own or in the queue itself, but not in both. */
function attached(graph: Graph, type: string, property: string, queue: Resource): string | undefined {
  const inline = optionalText(queue.inputs, property);
  const documents = graph.ofType(type).filter(({ inputs }) => inputs["queueUrl"] === queue.outputs["url"]);
  const all = [...(inline === undefined ? [] : [inline]), ...documents.map(({ inputs }) => textOf(inputs, property))];
  if (all.length > 1) {
    throw new StageError(
      `${describeResource(queue)}: has ${all.length} of ${property}, and the last one to be deployed would win: keep one`,
    );
  }
  return all[0];
}

function expectTargets(documents: readonly Resource[], queues: readonly Resource[]): void {
  for (const document of documents) {
    if (queues.some(({ outputs }) => outputs["url"] === document.inputs["queueUrl"])) continue;
    throw new StageError(
      `${describeResource(document)}: its queue is not in the graph; name the url of a queue of this program`,
    );
  }
}

function within(resource: Resource, property: string, { least, most, usual }: Range): number {
  const value = numberOf(resource.inputs, property, usual);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StageError(`${describeResource(resource)}: ${property} must be ${least} to ${most}, got ${value}`);
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
