/** What a pipeline invokes to deploy: the trigger, and the rule by which it hears that nobody waits for it any more. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { jsonStringify } from "@pulumi/pulumi";
import { ConfinedFunction } from "../compute/confined-function";
import { ANY_RESOURCE, permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import type { FunctionNetwork } from "../network/network";
import type { DeployMachine } from "./deploy-machine";
import type { ReleaseStore } from "./release-store";

export interface DeployActionArgs {
  readonly on: Foundation;
  readonly network: FunctionNetwork;
  readonly machine: DeployMachine;
  readonly store: ReleaseStore;
}

export class DeployAction extends ClickstreamComponent {
  readonly function: ConfinedFunction;

  constructor(name: string, args: DeployActionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:release:DeployAction", name, {}, opts);
    const { on, network, machine, store } = args;
    this.function = new ConfinedFunction(
      name,
      {
        on,
        network,
        code: "trigger",
        access: [
          machine.canStart("starts deployments for the pipeline"),
          store.canRead("inputs", "reads what a deployment is started with"),
          canAnswer(),
        ],
      },
      { parent: this },
    );
    this.#hearOfEnds(name);
    this.registerOutputs({});
  }

  /** Being invoked by a pipeline. */
  canBeInvoked(on: Foundation): Capability {
    return permits({
      sid: "InvokeTrigger",
      reason: "the deploy actions invoke it",
      actions: ["lambda:InvokeFunction"],
      targets: [
        { arn: this.function.arn, pattern: `arn:${on.place.partition}:lambda:${on.place.region}:*:function:trigger-*` },
      ],
    });
  }

  /** An action that is abandoned or fails is not invoked again: EventBridge tells, and its deployment is stopped. */
  #hearOfEnds(name: string): void {
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: "Actions that ended without their deployment",
        eventPattern: jsonStringify({
          source: ["aws.codepipeline"],
          "detail-type": ["CodePipeline Action Execution State Change"],
          detail: { state: ["ABANDONED", "FAILED"], type: { category: ["Invoke"] } },
        }),
      },
      this.child(),
    );
    const permission = new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: this.function.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      this.child(),
    );
    new aws.cloudwatch.EventTarget(
      name,
      { rule: rule.name, arn: this.function.arn },
      this.child({ dependsOn: [permission] }),
    );
  }
}

function canAnswer(): Capability {
  return permits({
    sid: "AnswerJobs",
    reason: "tells CodePipeline how a deployment goes",
    // AWS offers no resource-level permission for these.
    actions: ["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"],
    targets: [ANY_RESOURCE],
  });
}
