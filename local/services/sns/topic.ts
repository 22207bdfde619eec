/** The graph's topics and who listens to them: read once, checked, policies brought to the authorizer. */
import { StageError } from "../../diagnostics";
import { describeResource, flagOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import type { ServiceContext } from "../context";
import { expectProperties } from "../kms/declaration";
import { keyArnOf } from "../kms/key-reference";
import { compileFilterPolicy, type FilterPolicy } from "./filter-policy";

export const PROTOCOLS = ["email", "email-json", "sms", "sqs", "lambda"] as const;

export type Protocol = (typeof PROTOCOLS)[number];

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  /** An address, a number or an ARN. It may be secret: no message and no log shows it. */
  readonly endpoint: string;
  /** Whether a queue gets the bare message instead of an envelope around it. */
  readonly raw: boolean;
  readonly wants: FilterPolicy;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly displayName: string;
  readonly policy: string | undefined;
  /** As the program named the key, and the key's ARN where it is one of the graph's. */
  readonly key: { readonly reference: string; readonly arn: string | undefined } | undefined;
  readonly subscriptions: readonly Subscription[];
}

const TOPIC_PROPERTIES = ["displayName", "kmsMasterKeyId", "name", "namePrefix", "policy", "tags"];
const SUBSCRIPTION_PROPERTIES = [
  "endpoint",
  "filterPolicy",
  "filterPolicyScope",
  "protocol",
  "rawMessageDelivery",
  "topic",
];

/** What an endpoint must look like, by protocol, and how errors say it. */
const ENDPOINTS: Readonly<Record<Protocol, readonly [RegExp, string]>> = {
  email: [/^[^\s@]+@[^\s@]+$/, "an e-mail address"],
  "email-json": [/^[^\s@]+@[^\s@]+$/, "an e-mail address"],
  sms: [/^\+?[1-9]\d{1,14}$/, "a number in international form (E.164)"],
  sqs: [/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/, "the ARN of a queue"],
  lambda: [/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:\$LATEST)?$/, "the ARN of a function"],
};

/** @throws StageError naming the resource that the stage does not model, or that SNS would not take */
export function readTopics({ graph, authorizer }: ServiceContext): Topic[] {
  const topics = graph.ofType("aws:sns/topic:Topic");
  const subscriptions = graph.ofType("aws:sns/topicSubscription:TopicSubscription");
  expectTargets(graph.ofType("aws:sns/topicPolicy:TopicPolicy"), "arn", topics);
  expectTargets(subscriptions, "topic", topics);
  return topics.map((resource) => {
    expectProperties(resource, TOPIC_PROPERTIES);
    const { inputs, outputs } = resource;
    const arn = textOf(outputs, "arn");
    const policy = policyOf(graph, resource);
    if (policy !== undefined) {
      const source = `policy of ${describeResource(resource)}`;
      authorizer.addResourcePolicy(arn, { source, document: policy }, resource.urn);
    }
    const reference = optionalText(inputs, "kmsMasterKeyId");
    return {
      arn,
      name: textOf(outputs, "name"),
      displayName: optionalText(inputs, "displayName") ?? "",
      policy,
      key: reference === undefined ? undefined : { reference, arn: keyArnOf(reference, graph, resource) },
      subscriptions: subscriptions.filter((each) => each.inputs["topic"] === arn).map(readSubscription),
    };
  });
}

function readSubscription(resource: Resource): Subscription {
  expectProperties(resource, SUBSCRIPTION_PROPERTIES);
  const { inputs, outputs } = resource;
  const protocol = PROTOCOLS.find((each) => each === inputs["protocol"]);
  if (protocol === undefined) {
    throw new StageError(
      `${describeResource(resource)}: the local stage delivers by ${PROTOCOLS.join(", ")}, not by ${textOf(inputs, "protocol")}`,
    );
  }
  const { endpoint } = inputs;
  const [form, words] = ENDPOINTS[protocol];
  if (typeof endpoint !== "string" || !form.test(endpoint)) {
    throw new StageError(
      `${describeResource(resource)}: its endpoint must be ${words}; it is not shown here, because it may be secret`,
    );
  }
  const scope = optionalText(inputs, "filterPolicyScope") ?? "MessageAttributes";
  if (scope !== "MessageAttributes") {
    throw new StageError(
      `${describeResource(resource)}: filterPolicyScope ${scope}; the local stage filters by MessageAttributes only`,
    );
  }
  const raw = flagOf(inputs, "rawMessageDelivery");
  if (raw && protocol !== "sqs") {
    throw new StageError(`${describeResource(resource)}: rawMessageDelivery is for queues, not for ${protocol}`);
  }
  return {
    arn: textOf(outputs, "arn"),
    topicArn: textOf(inputs, "topic"),
    protocol,
    endpoint,
    raw,
    wants: readFilter(resource),
  };
}

function readFilter(resource: Resource): FilterPolicy {
  const text = optionalText(resource.inputs, "filterPolicy");
  if (text === undefined) return () => true;
  try {
    return compileFilterPolicy(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StageError(`${describeResource(resource)}: filterPolicy ${reason}`);
  }
}

/** A topic's policy, which stands in a resource of its own or in the topic itself, but not in both. */
function policyOf(graph: Graph, topic: Resource): string | undefined {
  const inline = optionalText(topic.inputs, "policy");
  const attached = graph
    .ofType("aws:sns/topicPolicy:TopicPolicy")
    .filter(({ inputs }) => inputs["arn"] === topic.outputs["arn"])
    .map(({ inputs }) => textOf(inputs, "policy"));
  const all = [...(inline === undefined ? [] : [inline]), ...attached];
  if (all.length > 1) {
    throw new StageError(
      `${describeResource(topic)}: has ${all.length} policies, and the last one to be deployed would win: keep one`,
    );
  }
  return all[0];
}

function expectTargets(resources: readonly Resource[], property: string, topics: readonly Resource[]): void {
  for (const resource of resources) {
    if (topics.some(({ outputs }) => outputs["arn"] === resource.inputs[property])) continue;
    throw new StageError(
      `${describeResource(resource)}: its topic is not in the graph; name the arn of a topic of this program`,
    );
  }
}
