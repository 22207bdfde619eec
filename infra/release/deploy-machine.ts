/** The deploy machine with what it works with: two functions, and a role that may do what its states do. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ConfinedFunction } from "../compute/confined-function";
import { ANY_RESOURCE, at, permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { days } from "../core/units";
import { Role } from "../iam/role";
import type { FunctionNetwork } from "../network/network";
import type { NotificationTopic } from "../notify/notification-topic";
import type { BuildProject } from "./build-project";
import { renderMachine } from "./machine/definition";
import type { ReleaseStore } from "./release-store";
import { canPass, canReleaseStacks, canSeeStacks } from "./stack-access";

export interface DeployMachineArgs {
  readonly on: Foundation;
  readonly network: FunctionNetwork;
  readonly store: ReleaseStore;
  /** Where pipelines keep their artifacts. */
  readonly artifacts: ReleaseStore;
  readonly stages: readonly string[];
  /** As which CloudFormation works. */
  readonly stackRole: Role;
  readonly previewProject: BuildProject;
  readonly applyProject: BuildProject;
  readonly operators: NotificationTopic;
}

/** Source: Step Functions developer guide, "Run AWS CodeBuild builds": how it hears that a build has ended. */
const BUILD_RULE = "StepFunctionsGetEventForCodeBuildStartBuildRule";

export class DeployMachine extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly prepare: ConfinedFunction;
  readonly inspect: ConfinedFunction;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: DeployMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:release:DeployMachine", name, {}, opts);
    const { on, store, stackRole, previewProject, applyProject, operators, stages } = args;
    this.#logicalName = name;
    this.#on = on;

    this.prepare = this.#prepare(args);
    this.inspect = this.#inspect(args);
    const role = new Role(
      name,
      {
        on,
        trust: {
          kind: "service",
          service: "states.amazonaws.com",
          conditions: { StringEquals: { "aws:SourceAccount": on.place.account } },
        },
        description: "Inspects and releases changes of the infrastructure",
        access: [
          this.#canCall("prepare", this.prepare),
          this.#canCall("inspect", this.inspect),
          canReleaseStacks({ stages }, on),
          canPass({ arn: stackRole.arn, logicalName: "stacks" }, "cloudformation.amazonaws.com", on),
          // CloudFormation reads a template with the permissions of whoever hands it over.
          store.canRead("templates", "hands templates over to CloudFormation"),
          previewProject.canRun("previews stacks of Pulumi"),
          applyProject.canRun("applies what was inspected"),
          this.#canHearOfBuilds(),
          operators.canPublish("tells operators of a release that failed"),
          canDeliverLog(),
        ],
      },
      { parent: this },
    );
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: days(on.logRetention), kmsKeyId: on.key.arn },
      this.child(),
    );
    const machine = new aws.sfn.StateMachine(
      name,
      {
        type: "STANDARD",
        roleArn: role.arn,
        // What failed, and never with which data: evidence is in the release bucket.
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${logGroup.arn}:*`,
        },
        definition: pulumi.jsonStringify(
          renderMachine({
            prepare: this.prepare.arn,
            inspect: this.inspect.arn,
            stackRole: stackRole.arn,
            previewProject: previewProject.name,
            applyProject: applyProject.name,
            topic: operators.arn,
          }),
        ),
      },
      this.child({ dependsOn: [role.ready] }),
    );

    this.arn = machine.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Starting an execution of this machine, seeing how it goes, and stopping it. */
  canStart(reason: string): Capability {
    const { partition, region } = this.#on.place;
    const executions = {
      arn: pulumi.interpolate`${this.arn.apply((arn) => arn.replace(":stateMachine:", ":execution:"))}:*`,
      pattern: `arn:${partition}:states:${region}:*:execution:${this.#logicalName}-*:*`,
    };
    const start = permits(
      {
        sid: "StartDeployment",
        reason,
        actions: ["states:StartExecution"],
        targets: [
          { arn: this.arn, pattern: `arn:${partition}:states:${region}:*:stateMachine:${this.#logicalName}-*` },
        ],
      },
      {
        sid: "WatchDeployment",
        reason,
        actions: ["states:DescribeExecution", "states:GetExecutionHistory"],
        targets: [executions],
      },
      {
        sid: "StopDeployment",
        reason: "stops a deployment that nobody waits for any more",
        actions: ["states:StopExecution"],
        targets: [executions],
        idle: "only when an action is abandoned, or can no longer see its deployment",
      },
    );
    return at(start, { STATE_MACHINE: this.arn });
  }

  #prepare({ on, network, store, artifacts }: DeployMachineArgs): ConfinedFunction {
    const access = [
      artifacts.canRead("", "takes template and parameters out of the pipeline's artifact"),
      store.canRead("revisions", "takes them out of an artifact that was kept", "only with the native deploy action"),
      store.asEnvironment(store.canWrite("templates", "puts templates where CloudFormation reads them")),
    ];
    const settings = { TEMPLATE_HOST: store.host };
    return new ConfinedFunction("prepare", { on, network, code: "prepare", access, settings }, { parent: this });
  }

  #inspect({ on, network, store, stages }: DeployMachineArgs): ConfinedFunction {
    const evidence = "keeps what was inspected, and compares it with what was done";
    const access = [
      canSeeStacks({ stages }, on),
      store.asEnvironment(store.canWrite("evidence", evidence)),
      store.canRead("evidence", evidence),
      store.canRead("previews", "judges previews"),
      store.canRead("updates", "compares what an update did"),
      store.canLookFor("approvals", "looks whether someone approved"),
    ];
    return new ConfinedFunction("inspect", { on, network, code: "inspect", access }, { parent: this });
  }

  #canCall(name: string, { arn }: ConfinedFunction): Capability {
    const { partition, region } = this.#on.place;
    return permits({
      sid: `Call${name}`,
      reason: `the machine's states call the function ${name}`,
      actions: ["lambda:InvokeFunction"],
      targets: [{ arn, pattern: `arn:${partition}:lambda:${region}:*:function:${name}-*` }],
    });
  }

  #canHearOfBuilds(): Capability {
    const { partition, region, account } = this.#on.place;
    return permits({
      sid: "HearOfBuilds",
      reason: "Step Functions hears by a rule of its own that a build has ended",
      actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      targets: [
        {
          arn: pulumi.interpolate`arn:${partition}:events:${region}:${account}:rule/${BUILD_RULE}`,
          pattern: `arn:${partition}:events:${region}:*:rule/${BUILD_RULE}`,
        },
      ],
    });
  }
}

/** Source: Step Functions developer guide, "Using CloudWatch Logs to log execution history". */
function canDeliverLog(): Capability {
  return permits({
    sid: "DeliverLog",
    reason: "Step Functions writes what failed to the machine's log group",
    // AWS offers no resource-level permission for these.
    actions: [
      ...(["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups"] as const),
      ...(["logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries"] as const),
      ...(["logs:PutResourcePolicy", "logs:UpdateLogDelivery"] as const),
    ],
    targets: [ANY_RESOURCE],
  });
}
