/**
 * A function confined to its own role: its code, its log group, the role with exactly the permissions its capabilities
 * name, and a place in the network from which only the stage's endpoints can be reached.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FUNCTION_RUNTIME, functions, type FunctionName } from "../../functions/manifest";
import type { EnvContract } from "../../functions/lib/env";
import { ANY_RESOURCE, permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";
import { days } from "../core/units";
import { Role } from "../iam/role";
import type { FunctionNetwork } from "../network/network";
import { bundleOf, HANDLER } from "./bundle";

export interface ConfinedFunctionArgs {
  readonly on: Foundation;
  readonly network: FunctionNetwork;
  /** Which function of the manifest. */
  readonly code: FunctionName;
  /** Everything the function may do beside writing its log. */
  readonly access: readonly Capability[];
  /** Variables of the function's contract that no capability brings. @default - none */
  readonly settings?: Readonly<Record<string, pulumi.Input<string>>>;
  /** How many run at the same time at most. @default - as many as the account allows */
  readonly concurrency?: number;
}

export class ConfinedFunction extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly role: Role;
  readonly logGroup: pulumi.Output<string>;

  constructor(name: string, args: ConfinedFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    const manifest = functions[args.code];
    const environment = planEnvironment(name, manifest.env, args);
    super("clickstream:compute:ConfinedFunction", name, {}, opts);
    const { on, network } = args;

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: days(on.logRetention), kmsKeyId: on.key.arn },
      this.child(),
    );
    const role = new Role(
      name,
      {
        on,
        trust: { kind: "service", service: "lambda.amazonaws.com" },
        description: manifest.description,
        access: [canLog(name, logGroup.arn, on), canAttachToNetwork(on), ...args.access],
      },
      { parent: this },
    );
    const lambda = new aws.lambda.Function(
      name,
      {
        description: manifest.description,
        code: bundleOf(args.code),
        handler: HANDLER,
        runtime: FUNCTION_RUNTIME,
        architectures: ["arm64"],
        memorySize: manifest.memoryMiB,
        timeout: manifest.timeoutSeconds,
        role: role.arn,
        environment: { variables: environment },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        vpcConfig: { subnetIds: network.subnetIds, securityGroupIds: [network.functionsGroupId] },
        ...(args.concurrency === undefined ? {} : { reservedConcurrentExecutions: args.concurrency }),
      },
      // Lambda tries the role's permissions when the function is made.
      this.child({ dependsOn: [role.ready] }),
    );

    this.arn = lambda.arn;
    this.name = lambda.name;
    this.role = role;
    this.logGroup = logGroup.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}

/**
 * The function's environment: what the capabilities bring and the settings, which together must fill its contract.
 * @throws pulumi.InputPropertiesError naming every variable that is missing or that nobody reads
 */
export function planEnvironment(
  name: string,
  contract: EnvContract,
  { access, settings = {} }: Pick<ConfinedFunctionArgs, "access" | "settings">,
): Record<string, pulumi.Input<string>> {
  const given: Record<string, pulumi.Input<string>> = {};
  for (const { environment } of access) Object.assign(given, environment);
  Object.assign(given, settings);
  const problems = new InputProblems(`ConfinedFunction ${name}`);
  const missing = Object.keys(contract).filter((variable) => !(variable in given));
  const unread = Object.keys(given).filter((variable) => !(variable in contract));
  problems.expect(
    missing.length === 0,
    "access",
    { missing },
    "capabilities and settings that bring every variable of the contract",
  );
  problems.expect(unread.length === 0, "settings", { unread }, "variables that the function's contract names");
  problems.throwIfAny();
  return given;
}

function canLog(name: string, logGroupArn: pulumi.Output<string>, { place }: Foundation): Capability {
  return permits({
    sid: "WriteOwnLog",
    reason: "writes what the function says to its own log group",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    targets: [
      {
        arn: pulumi.interpolate`${logGroupArn}:*`,
        pattern: `arn:${place.partition}:logs:${place.region}:*:log-group:${name}-*:*`,
      },
    ],
  });
}

/** What Lambda does on the role's behalf to place the function in the network. */
function canAttachToNetwork({ place: { partition, region, account } }: Foundation): Capability {
  const kind = (resource: string) => ({
    arn: pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${resource}/*`,
    pattern: `arn:${partition}:ec2:${region}:*:${resource}/*`,
  });
  return permits(
    {
      sid: "AttachToNetwork",
      reason: "Lambda attaches the function to the stage's subnets",
      actions: ["ec2:CreateNetworkInterface"],
      targets: [kind("network-interface"), kind("subnet"), kind("security-group")],
    },
    {
      sid: "DetachFromNetwork",
      reason: "Lambda detaches the function from the stage's subnets",
      actions: ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
      targets: [kind("network-interface")],
      idle: "Lambda uses it when it scales, moves or removes the function's network interfaces",
    },
    {
      sid: "SeeNetwork",
      reason: "Lambda looks the function's network interfaces up",
      // AWS offers no resource-level permission for these.
      actions: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
      targets: [ANY_RESOURCE],
    },
  );
}
