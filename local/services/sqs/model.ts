/** Queues and their policies as a program sees them. */
import { textOf } from "../../graph/graph";
import { nameWithin } from "../kms/declaration";
import { arnOf, forcesNew, type ServiceModels } from "../model";

/** Source: SQS API reference, CreateQueue. */
const NAME = { longest: 80, pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/, allowed: "A-Z a-z 0-9 _ -" };

export const sqsModels: ServiceModels = {
  resources: {
    "aws:sqs/queue:Queue": (declaration, facts) => {
      const name = nameWithin(declaration, NAME);
      const url = `https://sqs.${facts.region}.amazonaws.com/${facts.account}/${name}`;
      return { id: url, outputs: { name, url, arn: arnOf(facts, "sqs", name) } };
    },
    "aws:sqs/queuePolicy:QueuePolicy": ({ inputs }) => ({ id: textOf(inputs, "queueUrl"), outputs: {} }),
    "aws:sqs/redrivePolicy:RedrivePolicy": ({ inputs }) => ({ id: textOf(inputs, "queueUrl"), outputs: {} }),
  },
  replacedBy: {
    "aws:sqs/queue:Queue": forcesNew("sqs/queue.go", "name", "namePrefix", "fifoQueue"),
    "aws:sqs/queuePolicy:QueuePolicy": forcesNew("sqs/queue_policy.go", "queueUrl"),
    "aws:sqs/redrivePolicy:RedrivePolicy": forcesNew("sqs/queue_redrive_policy.go", "queueUrl"),
  },
};
