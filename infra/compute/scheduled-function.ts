/** A function that runs at a fixed rate. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ClickstreamComponent } from "../core/component";
import { InputProblems } from "../core/problems";
import { seconds, type Duration } from "../core/units";
import { ConfinedFunction, type ConfinedFunctionArgs } from "./confined-function";

export interface ScheduledFunctionArgs extends ConfinedFunctionArgs {
  /** Time between two runs: whole minutes. */
  readonly every: Duration;
}

export class ScheduledFunction extends ClickstreamComponent {
  readonly function: ConfinedFunction;

  constructor(name: string, args: ScheduledFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const scheduleExpression = planRate(name, args.every);
    super("clickstream:compute:ScheduledFunction", name, {}, opts);

    this.function = new ConfinedFunction(name, args, { parent: this });
    const rule = new aws.cloudwatch.EventRule(name, { scheduleExpression }, this.child());
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
    this.registerOutputs({});
  }
}

/** `rate(5 minutes)`. @throws pulumi.InputPropertiesError */
export function planRate(name: string, every: Duration): string {
  const minutes = seconds(every) / 60;
  const problems = new InputProblems(`ScheduledFunction ${name}`);
  problems.expect(Number.isInteger(minutes) && minutes >= 1, "every", every, 'whole minutes, at least "1 minute"');
  problems.throwIfAny();
  return minutes === 1 ? "rate(1 minute)" : `rate(${minutes} minutes)`;
}
