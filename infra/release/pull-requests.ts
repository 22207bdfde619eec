/** Checks every pull request before anybody merges it: a project that the repository calls by a webhook. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { permits } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { BuildProject } from "./build-project";
import { pullRequestSpec } from "./buildspecs";
import type { Source } from "./release-stage";

export interface PullRequestsArgs {
  readonly on: Foundation;
  readonly source: Extract<Source, { kind: "connection" }>;
  readonly connectionArn: pulumi.Input<string>;
  readonly stages: readonly string[];
}

const HOSTS = { GitHub: "github.com", GitLab: "gitlab.com", Bitbucket: "bitbucket.org" } as const;
const TYPES = { GitHub: "GITHUB", GitLab: "GITLAB", Bitbucket: "BITBUCKET" } as const;
const EVENTS = "PULL_REQUEST_CREATED,PULL_REQUEST_UPDATED,PULL_REQUEST_REOPENED";

export class PullRequests extends ClickstreamComponent {
  constructor(name: string, args: PullRequestsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:release:PullRequests", name, {}, opts);
    const { on, source, connectionArn, stages } = args;
    const { partition, region } = on.place;
    const idle = "used only when somebody proposes a change on the repository's host";
    const project = new BuildProject(
      name,
      {
        on,
        description: "Checks pull requests, and shows what they would change",
        buildspec: pullRequestSpec(stages),
        source: {
          type: TYPES[source.provider],
          url: `https://${HOSTS[source.provider]}/${source.repository}.git`,
          connectionArn,
        },
        access: [
          permits({
            sid: "UseConnection",
            reason: "takes pull requests from the repository, and says how they were found",
            actions: ["codeconnections:GetConnection", "codeconnections:GetConnectionToken"],
            targets: [{ arn: connectionArn, pattern: `arn:${partition}:*:${region}:*:connection/*` }],
            idle,
          }),
        ],
        timeoutMinutes: 60,
        idle,
      },
      { parent: this },
    );
    new aws.codebuild.Webhook(
      name,
      { projectName: project.name, filterGroups: [{ filters: [{ type: "EVENT", pattern: EVENTS }] }] },
      this.child(),
    );
    this.registerOutputs({});
  }
}
