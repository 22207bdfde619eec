/** Topics, their policies and subscriptions as a program sees them. */
import { textOf } from "../../graph/graph";
import { nameWithin, uuidOf } from "../kms/declaration";
import { arnOf, forcesNew, type ServiceModels } from "../model";

/** Source: SNS API reference, CreateTopic. */
const NAME = { longest: 256, pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/, allowed: "A-Z a-z 0-9 _ -" };

export const snsModels: ServiceModels = {
  resources: {
    "aws:sns/topic:Topic": (declaration, facts) => {
      const name = nameWithin(declaration, NAME);
      const arn = arnOf(facts, "sns", name);
      return { id: arn, outputs: { name, arn, owner: facts.account } };
    },
    "aws:sns/topicPolicy:TopicPolicy": ({ inputs }, facts) => ({
      id: textOf(inputs, "arn"),
      outputs: { owner: facts.account },
    }),
    // Whoever runs the stage reads its mailbox: nobody has to confirm.
    "aws:sns/topicSubscription:TopicSubscription": ({ urn, inputs }, facts) => {
      const arn = `${textOf(inputs, "topic")}:${uuidOf(urn)}`;
      return {
        id: arn,
        outputs: { arn, ownerId: facts.account, pendingConfirmation: false, confirmationWasAuthenticated: true },
      };
    },
  },
  replacedBy: {
    "aws:sns/topic:Topic": forcesNew("sns/topic.go", "name", "namePrefix", "fifoTopic"),
    "aws:sns/topicPolicy:TopicPolicy": forcesNew("sns/topic_policy.go", "arn"),
    "aws:sns/topicSubscription:TopicSubscription": forcesNew(
      "sns/topic_subscription.go",
      "topic",
      "protocol",
      "endpoint",
    ),
  },
};
