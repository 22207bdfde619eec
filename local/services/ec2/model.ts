/**
 * The network as a program sees it. Functions of the stage run on this machine, so nothing here carries traffic: a VPC
 * is its ids, and `awsx.ec2.Vpc`, a component that lives in a plugin, is one resource with a table of outputs.
 */
import { StageError } from "../../diagnostics";
import { numberOf, textOf } from "../../graph/graph";
import { isRecord, type Value } from "../../graph/value";
import { arnOf, type Declaration, fingerprint, forcesNew, opaque, physicalName, type ServiceModels } from "../model";

export const ec2Models: ServiceModels = {
  resources: {
    "aws:ec2/securityGroup:SecurityGroup": (declaration, facts) => {
      const id = `sg-${fingerprint(declaration.urn, 17)}`;
      const name = physicalName(declaration, { longest: 255 });
      return { id, outputs: { name, arn: arnOf(facts, "ec2", `security-group/${id}`), ownerId: facts.account } };
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule(),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule(),
    "aws:ec2/vpcEndpoint:VpcEndpoint": opaque("vpce-", (id, facts) => ({
      arn: arnOf(facts, "ec2", `vpc-endpoint/${id}`),
      ownerId: facts.account,
      state: "available",
    })),
    "awsx:ec2:Vpc": (declaration) => ({ id: "", outputs: vpcOutputs(declaration) }),
  },
  replacedBy: {
    "aws:ec2/securityGroup:SecurityGroup": forcesNew(
      "ec2/vpc_security_group.go",
      "name",
      "namePrefix",
      "description",
      "vpcId",
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": forcesNew(
      "ec2/vpc_security_group_egress_rule.go",
      "securityGroupId",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": forcesNew(
      "ec2/vpc_security_group_ingress_rule.go",
      "securityGroupId",
    ),
    // privateDnsEnabled only where the endpoint is no interface: taken as if it were always so.
    "aws:ec2/vpcEndpoint:VpcEndpoint": forcesNew(
      "ec2/vpc_endpoint.go",
      "vpcId",
      "serviceName",
      "serviceRegion",
      "vpcEndpointType",
      "serviceNetworkArn",
      "resourceConfigurationArn",
      "privateDnsEnabled",
    ),
    // Its subnets share the block of addresses out among them: another share makes other subnets.
    "awsx:ec2:Vpc": {
      inputs: [
        "cidrBlock",
        "ipv4IpamPoolId",
        "ipv4NetmaskLength",
        "subnetSpecs",
        "subnetStrategy",
        "availabilityZoneCidrMask",
        "availabilityZoneNames",
        "numberOfAvailabilityZones",
      ],
      source: "pulumi/pulumi-awsx, awsx/ec2/vpc.ts and subnetDistributorNew.ts",
    },
  },
};

function securityGroupRule() {
  return opaque("sgr-", (id, facts) => ({
    arn: arnOf(facts, "ec2", `security-group-rule/${id}`),
    securityGroupRuleId: id,
  }));
}

/** Source: awsx, `ec2.Vpc`: three zones, each with a public and a private subnet, unless it is told otherwise. */
const DEFAULT_ZONES = 3;
const DEFAULT_SUBNETS = ["Private", "Public"];
const SUBNET_TYPES = ["Public", "Private", "Isolated", "Unused"] as const;

type SubnetType = (typeof SUBNET_TYPES)[number];

function vpcOutputs({ urn, inputs }: Declaration) {
  const specs = subnetTypes(inputs);
  const subnets = Array.from({ length: zoneCount(inputs) }, (_, zone) =>
    specs.map((type, spec) => ({ type, name: `${urn} zone ${zone} subnet ${spec}` })),
  )
    .flat()
    .filter(({ type }) => type !== "Unused");
  const ids = (wanted: SubnetType): string[] =>
    subnets.filter(({ type }) => type === wanted).map(({ name }) => `subnet-${fingerprint(name, 17)}`);
  return {
    vpcId: `vpc-${fingerprint(urn, 17)}`,
    publicSubnetIds: ids("Public"),
    privateSubnetIds: ids("Private"),
    isolatedSubnetIds: ids("Isolated"),
    // One route table per subnet.
    routeTables: subnets.map(({ name }) => ({ id: `rtb-${fingerprint(`routes of ${name}`, 17)}` })),
  };
}

function zoneCount(inputs: Declaration["inputs"]): number {
  const names = inputs["availabilityZoneNames"];
  return Array.isArray(names) ? names.length : numberOf(inputs, "numberOfAvailabilityZones", DEFAULT_ZONES);
}

function subnetTypes(inputs: Declaration["inputs"]): SubnetType[] {
  const specs = inputs["subnetSpecs"];
  const given = Array.isArray(specs)
    ? specs.map((spec: Value) => (isRecord(spec) ? textOf(spec, "type") : ""))
    : DEFAULT_SUBNETS;
  return given.map((type) => {
    const known = SUBNET_TYPES.find((each) => each === type);
    if (known === undefined)
      throw new StageError(`a subnet's type must be one of ${SUBNET_TYPES.join(", ")}, got "${type}"`);
    return known;
  });
}
