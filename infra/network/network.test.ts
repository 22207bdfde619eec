/** The network under the monitor. Its VPC is a component of another package: what that declares is not seen here. */
import assert from "node:assert/strict";
import { at, census } from "../../test/foundation";
import { FACTS, render } from "../../test/stage";
import { Network, planNetwork, type NetworkArgs } from "./network";

const place = { partition: FACTS.partition, region: FACTS.region, account: FACTS.account };
const services: NetworkArgs["services"] = ["kinesis-streams", "sns"];

describe("The network", () => {
  it("has no way out but the endpoints of the services in use, for this account only", async () => {
    const graph = await render(() => new Network("network", { place, services }));
    const vpc = graph.only("awsx:ec2:Vpc");
    assert.deepEqual(vpc.inputs["natGateways"], { strategy: "None" });
    assert.deepEqual(vpc.inputs["subnetSpecs"], [{ type: "Isolated", name: "functions" }]);
    const endpoints = graph.ofType("aws:ec2/vpcEndpoint:VpcEndpoint");
    assert.deepEqual(
      endpoints.map(({ inputs }) => `${String(inputs["vpcEndpointType"])} ${String(inputs["serviceName"])}`).sort(),
      [
        "Gateway com.amazonaws.eu-west-1.dynamodb",
        "Gateway com.amazonaws.eu-west-1.s3",
        "Interface com.amazonaws.eu-west-1.kinesis-streams",
        "Interface com.amazonaws.eu-west-1.sns",
      ],
    );
    for (const endpoint of endpoints) {
      const { Statement } = JSON.parse(String(endpoint.inputs["policy"])) as { Statement: { Condition: unknown }[] };
      assert.deepEqual(
        Statement.map(({ Condition }) => Condition),
        [{ StringEquals: { "aws:PrincipalAccount": FACTS.account, "aws:ResourceAccount": FACTS.account } }],
      );
    }
    const ingress = graph.only("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const functions = graph.only("aws:ec2/securityGroup:SecurityGroup", ({ name }) => name === "network-functions");
    assert.equal(at(ingress, "referencedSecurityGroupId"), functions.id);
  });

  it("may be one that is there already, to which it adds a security group only", async () => {
    const graph = await render(() => {
      const network = new Network("network", {
        place,
        services,
        given: { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-1"] },
      });
      return { subnets: network.subnetIds };
    });
    assert.deepEqual(census(graph), {
      "clickstream:network:Network": 1,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
    });
    assert.deepEqual(graph.stackOutputs["subnets"], ["subnet-1"]);
  });

  it("is refused with a VPC that is none, or without subnets", () => {
    assert.throws(() => planNetwork("network", { availabilityZones: 9, given: { vpcId: "mine", subnetIds: [] } }), {
      message:
        'Network network: availabilityZones must be 1..6, got 9; given.vpcId must be the id of a VPC, vpc-…, got "mine"; given.subnetIds must be at least one subnet of the VPC, got []',
    });
  });
});
