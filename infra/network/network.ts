/**
 * Where functions run: subnets without a way to the internet, from which only the AWS services that the stage uses can
 * be reached, by endpoints. Or a VPC that is there already, which then answers for the same.
 */
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { ClickstreamComponent } from "../core/component";
import type { Place } from "../core/foundation";
import { InputProblems } from "../core/problems";

/** An AWS service that functions call, by the name of its endpoint. */
export type EndpointService = "kinesis-streams" | "sns" | "cloudformation" | "codepipeline" | "states";

export interface GivenNetwork {
  readonly vpcId: string;
  /** Subnets from which the stage's AWS services can be reached. */
  readonly subnetIds: readonly string[];
}

export interface NetworkArgs {
  readonly place: Place;
  /** Services to reach by an interface endpoint; S3 and DynamoDB are always reached by gateways. */
  readonly services: readonly EndpointService[];
  /** Zones to spread over. @default 2 */
  readonly availabilityZones?: number;
  /** A VPC that is there already. @default - an own VPC with endpoints */
  readonly given?: GivenNetwork;
}

/** What a function needs to know to be placed. */
export interface FunctionNetwork {
  readonly subnetIds: pulumi.Input<string[]>;
  readonly functionsGroupId: pulumi.Input<string>;
}

const CIDR = "10.60.0.0/16";

export class Network extends ClickstreamComponent implements FunctionNetwork {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: pulumi.Output<string[]>;
  readonly functionsGroupId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planNetwork(name, args);
    super("clickstream:network:Network", name, {}, opts);

    const own = args.given === undefined ? this.#createVpc(name, plan) : undefined;
    this.vpcId = own?.vpcId ?? pulumi.output(args.given?.vpcId ?? "");
    this.subnetIds = own?.isolatedSubnetIds ?? pulumi.output([...(args.given?.subnetIds ?? [])]);

    const functions = new aws.ec2.SecurityGroup(
      `${name}-functions`,
      { description: "Functions: out to AWS services only", vpcId: this.vpcId, revokeRulesOnDelete: true },
      this.child(),
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-functions`,
      {
        description: "TLS to AWS services",
        securityGroupId: functions.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
      },
      this.child(),
    );
    if (own !== undefined) this.#createEndpoints(name, args, own, functions);

    this.functionsGroupId = functions.id;
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds, functionsGroupId: this.functionsGroupId });
  }

  /** Isolated subnets: no internet gateway, no NAT, no route but to the endpoints. */
  #createVpc(name: string, plan: NetworkPlan): awsx.ec2.Vpc {
    return new awsx.ec2.Vpc(
      name,
      {
        cidrBlock: CIDR,
        numberOfAvailabilityZones: plan.availabilityZones,
        subnetStrategy: "Auto",
        subnetSpecs: [{ type: "Isolated", name: "functions" }],
        natGateways: { strategy: "None" },
        enableDnsHostnames: true,
        enableDnsSupport: true,
      },
      { parent: this },
    );
  }

  #createEndpoints(
    name: string,
    { place, services }: NetworkArgs,
    vpc: awsx.ec2.Vpc,
    functions: aws.ec2.SecurityGroup,
  ): void {
    const policy = pulumi.jsonStringify(thisAccountOnly(place));
    const routeTableIds = vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => table.id)));
    for (const gateway of ["s3", "dynamodb"]) {
      new aws.ec2.VpcEndpoint(
        `${name}-${gateway}`,
        {
          vpcId: vpc.vpcId,
          serviceName: `com.amazonaws.${place.region}.${gateway}`,
          vpcEndpointType: "Gateway",
          routeTableIds,
          policy,
        },
        this.child(),
      );
    }

    const endpoints = new aws.ec2.SecurityGroup(
      `${name}-endpoints`,
      { description: "Endpoints: in from functions only", vpcId: vpc.vpcId, revokeRulesOnDelete: true },
      this.child(),
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-endpoints`,
      {
        description: "TLS from functions",
        securityGroupId: endpoints.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        referencedSecurityGroupId: functions.id,
      },
      this.child(),
    );
    for (const service of services) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: vpc.vpcId,
          serviceName: `com.amazonaws.${place.region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: vpc.isolatedSubnetIds,
          securityGroupIds: [endpoints.id],
          policy,
        },
        this.child(),
      );
    }
  }
}

interface NetworkPlan {
  readonly availabilityZones: number;
}

/** @throws pulumi.InputPropertiesError */
export function planNetwork(
  name: string,
  { availabilityZones = 2, given }: Pick<NetworkArgs, "availabilityZones" | "given">,
): NetworkPlan {
  const problems = new InputProblems(`Network ${name}`);
  problems.expect(
    Number.isInteger(availabilityZones) && availabilityZones >= 1 && availabilityZones <= 6,
    "availabilityZones",
    availabilityZones,
    "1..6",
  );
  if (given !== undefined) {
    problems.expect(/^vpc-[0-9a-f]{8,17}$/.test(given.vpcId), "given.vpcId", given.vpcId, "the id of a VPC, vpc-…");
    problems.expect(given.subnetIds.length > 0, "given.subnetIds", given.subnetIds, "at least one subnet of the VPC");
  }
  problems.throwIfAny();
  return { availabilityZones };
}

/** Through the endpoints, this account's principals reach this account's resources: data cannot leave for another. */
function thisAccountOnly({ account }: Place): pulumi.Input<unknown> {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ThisAccountOnly",
        Effect: "Allow",
        Principal: "*",
        Action: "*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account } },
      },
    ],
  };
}
