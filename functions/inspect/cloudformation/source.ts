/** What the guard asks of CloudFormation, asked through the SDK. */
import {
  type CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
} from "@aws-sdk/client-cloudformation";
import type { ChangeSetSource, PageOptions } from "./gather-change-set";
import type { EventPage, StackEventSource } from "./gather-events";

export class CloudFormationSource implements ChangeSetSource, StackEventSource {
  constructor(private readonly client: CloudFormationClient) {}

  describe(changeSet: string, { withValues, token }: PageOptions): Promise<object> {
    return this.client.send(
      new DescribeChangeSetCommand({ ChangeSetName: changeSet, IncludePropertyValues: withValues, NextToken: token }),
    );
  }

  async events(stack: string, token: string | undefined): Promise<EventPage> {
    const { StackEvents = [], NextToken } = await this.client.send(
      new DescribeStackEventsCommand({ StackName: stack, NextToken: token }),
    );
    const events = StackEvents.map((event) => ({
      ...event,
      StackId: event.StackId ?? "",
      StackName: event.StackName ?? "",
      LogicalResourceId: event.LogicalResourceId ?? "",
      ResourceStatus: event.ResourceStatus ?? "",
    }));
    return { events, next: NextToken };
  }
}
