/** A project of CodeBuild with a role of its own: its log, and exactly what it is given. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ANY_RESOURCE, permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { days } from "../core/units";
import { Role } from "../iam/role";

export interface BuildNetwork {
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<string[]>;
  readonly securityGroupId: pulumi.Input<string>;
}

export interface BuildProjectArgs {
  readonly on: Foundation;
  readonly description: string;
  readonly buildspec: string;
  /** What its role may do beside writing its log. */
  readonly access: readonly Capability[];
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** `pipeline`: CodePipeline hands the source over. `started`: whoever starts the build names it. Else a repository. */
  readonly source: "pipeline" | "started" | RepositorySource;
  /** Subnets to build in, from which packages can be reached. @default - outside of any VPC */
  readonly network?: BuildNetwork;
  readonly timeoutMinutes: number;
  /** Why a normal run never starts it, where that is so. */
  readonly idle?: string;
}

export interface RepositorySource {
  readonly type: "GITHUB" | "GITLAB" | "BITBUCKET";
  readonly url: string;
  readonly connectionArn: pulumi.Input<string>;
}

const IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0";

export class BuildProject extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:release:BuildProject", name, {}, opts);
    const { on, network, environment = {} } = args;
    this.#logicalName = name;
    this.#on = on;

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: days(on.logRetention), kmsKeyId: on.key.arn },
      this.child(),
    );
    const role = new Role(
      name,
      {
        on,
        trust: {
          kind: "service",
          service: "codebuild.amazonaws.com",
          conditions: { StringEquals: { "aws:SourceAccount": on.place.account } },
        },
        description: args.description,
        access: [
          canLog(name, logGroup.arn, args),
          ...(network === undefined ? [] : [canBuildIn(network, on)]),
          ...args.access,
        ],
      },
      { parent: this },
    );
    const project = new aws.codebuild.Project(
      name,
      {
        description: args.description,
        serviceRole: role.arn,
        encryptionKey: on.key.arn,
        source: sourceOf(args),
        artifacts: { type: args.source === "pipeline" ? "CODEPIPELINE" : "NO_ARTIFACTS" },
        environment: {
          type: "LINUX_CONTAINER",
          computeType: "BUILD_GENERAL1_MEDIUM",
          image: IMAGE,
          environmentVariables: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
        },
        logsConfig: { cloudwatchLogs: { groupName: logGroup.name, status: "ENABLED" } },
        buildTimeout: args.timeoutMinutes,
        queuedTimeout: 60,
        ...(network === undefined
          ? {}
          : {
              vpcConfig: {
                vpcId: network.vpcId,
                subnets: network.subnetIds,
                securityGroupIds: [network.securityGroupId],
              },
            }),
      },
      this.child({ dependsOn: [role.ready] }),
    );

    this.arn = project.arn;
    this.name = project.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }

  /** Starting a build, seeing how it goes, and stopping it. */
  canRun(reason: string): Capability {
    const build = `${this.#logicalName.replace(/[^A-Za-z0-9]/g, "")}Build`;
    const targets = [{ arn: this.arn, pattern: this.#pattern }];
    return permits(
      { sid: `Run${build}`, reason, actions: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"], targets },
      {
        sid: `Stop${build}`,
        reason,
        actions: ["codebuild:StopBuild"],
        targets,
        idle: "used only when a release is stopped while it builds",
      },
    );
  }

  get #pattern(): string {
    const { partition, region } = this.#on.place;
    return `arn:${partition}:codebuild:${region}:*:project/${this.#logicalName}-*`;
  }
}

function sourceOf({ source, buildspec }: BuildProjectArgs): aws.types.input.codebuild.ProjectSource {
  if (source === "pipeline") return { type: "CODEPIPELINE", buildspec };
  if (source === "started") return { type: "NO_SOURCE", buildspec };
  const { type, url, connectionArn } = source;
  return {
    type,
    location: url,
    auth: { type: "CODECONNECTIONS", resource: connectionArn },
    buildspec,
    // Everything, so that the base of a pull request is there to be compared with.
    gitCloneDepth: 0,
    reportBuildStatus: true,
  };
}

function canLog(
  name: string,
  logGroupArn: pulumi.Output<string>,
  { on: { place }, idle }: Pick<BuildProjectArgs, "on" | "idle">,
): Capability {
  return permits({
    sid: "WriteOwnLog",
    reason: "writes what the build says to its own log group",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    targets: [
      {
        arn: pulumi.interpolate`${logGroupArn}:*`,
        pattern: `arn:${place.partition}:logs:${place.region}:*:log-group:${name}-*:*`,
      },
    ],
    ...(idle === undefined ? {} : { idle }),
  });
}

/**
 * What CodeBuild does on the role's behalf to build inside a VPC.
 * Source: CodeBuild user guide, "Allow CodeBuild access to AWS services required to create a VPC network interface".
 */
function canBuildIn({ subnetIds }: BuildNetwork, { place: { partition, region, account } }: Foundation): Capability {
  const kind = (resource: string) => ({
    arn: pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${resource}/*`,
    pattern: `arn:${partition}:ec2:${region}:*:${resource}/*`,
  });
  const subnetArns = pulumi
    .output(subnetIds)
    .apply((ids) => ids.map((id) => pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:subnet/${id}`));
  return permits(
    {
      sid: "AttachToNetwork",
      reason: "CodeBuild attaches the build to the given subnets",
      actions: ["ec2:CreateNetworkInterface"],
      targets: [kind("network-interface"), kind("subnet"), kind("security-group")],
    },
    {
      sid: "LendNetworkInterface",
      reason: "CodeBuild lends the interface to the machine that builds, in the given subnets only",
      actions: ["ec2:CreateNetworkInterfacePermission"],
      targets: [kind("network-interface")],
      conditions: {
        StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
        ArnEquals: { "ec2:Subnet": subnetArns as unknown as pulumi.Input<string> },
      },
    },
    {
      sid: "DetachFromNetwork",
      reason: "CodeBuild takes the interface away after the build",
      actions: ["ec2:DeleteNetworkInterface"],
      targets: [kind("network-interface")],
    },
    {
      sid: "SeeNetwork",
      reason: "CodeBuild looks the network up",
      // AWS offers no resource-level permission for these.
      actions: [
        ...(["ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"] as const),
        ...(["ec2:DescribeSubnets", "ec2:DescribeVpcs"] as const),
      ],
      targets: [ANY_RESOURCE],
    },
  );
}
