/** Approval: waits until a person says yes or no, and asks through a topic where there is one. */
import { randomUUID } from "node:crypto";
import type { ActionKind } from "./action";

export const approval: ActionKind = {
  timeoutMinutes: 7 * 24 * 60,
  async begin({ record, pipeline, session, context }) {
    const { NotificationArn, CustomData, ExternalEntityLink } = record.configuration;
    const token = randomUUID();
    if (NotificationArn !== undefined) {
      const message = {
        region: context.facts.region,
        consoleLink: `https://console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline.name}/view`,
        approval: {
          pipelineName: pipeline.name,
          stageName: record.stage,
          actionName: record.name,
          token,
          customData: CustomData,
          externalEntityLink: ExternalEntityLink,
        },
      };
      const Subject = `APPROVAL NEEDED: AWS CodePipeline ${pipeline.name}`.slice(0, 100);
      await context.dispatch(session, "sns", "Publish", {
        TopicArn: NotificationArn,
        Subject,
        Message: JSON.stringify(message),
      });
    }
    return { kind: "waiting", change: { token, ...(CustomData === undefined ? {} : { summary: CustomData }) } };
  },
  look: async () => ({ kind: "waiting" }),
};
