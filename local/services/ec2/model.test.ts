/**
 * The network as a program sees it.
 * Does not prove: that awsx makes the same subnets, which needs its plugin.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { render } from "../../../test/stage";

const vpcOf = async (args: awsx.ec2.VpcArgs): Promise<Record<string, unknown>> =>
  (await render(() => void new awsx.ec2.Vpc("network", args))).only("awsx:ec2:Vpc").outputs;

const counts = ({ publicSubnetIds, privateSubnetIds, isolatedSubnetIds, routeTables }: Record<string, unknown>) =>
  [publicSubnetIds, privateSubnetIds, isolatedSubnetIds, routeTables].map((each) => (each as unknown[]).length);

describe("A VPC", () => {
  it("has a subnet of each kind that is asked for in every zone, and a route table for each", async () => {
    const isolated = { numberOfAvailabilityZones: 2, subnetSpecs: [{ type: awsx.ec2.SubnetType.Isolated }] };
    assert.deepEqual(counts(await vpcOf(isolated)), [0, 0, 2, 2]);
    const named = { availabilityZoneNames: ["eu-west-1a"] };
    assert.deepEqual(counts(await vpcOf(named)), [1, 1, 0, 2]);
    assert.deepEqual(counts(await vpcOf({})), [3, 3, 0, 6]);
  });

  it("has the same ids in every run, and no id twice", async () => {
    const [first, second] = [await vpcOf({}), await vpcOf({})];
    assert.deepEqual(first, second);
    const { vpcId, publicSubnetIds, privateSubnetIds } = first as {
      vpcId: string;
      publicSubnetIds: string[];
      privateSubnetIds: string[];
    };
    assert.match(vpcId, /^vpc-[0-9a-f]{17}$/);
    assert.equal(new Set([...publicSubnetIds, ...privateSubnetIds]).size, 6);
  });

  it("gives a program what it places endpoints by", async () => {
    const graph = await render(() => {
      const vpc = new awsx.ec2.Vpc("network", { numberOfAvailabilityZones: 1 });
      const group = new aws.ec2.SecurityGroup("endpoints", { vpcId: vpc.vpcId });
      new aws.ec2.VpcEndpoint("s3", {
        vpcId: vpc.vpcId,
        serviceName: "com.amazonaws.eu-west-1.s3",
        routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
        securityGroupIds: [group.id],
      });
    });
    const { vpcId, routeTableIds, securityGroupIds } = graph.only("aws:ec2/vpcEndpoint:VpcEndpoint").inputs;
    assert.equal(vpcId, graph.only("awsx:ec2:Vpc").outputs["vpcId"]);
    assert.match(JSON.stringify(routeTableIds), /^\["rtb-[0-9a-f]{17}","rtb-[0-9a-f]{17}"\]$/);
    assert.match(JSON.stringify(securityGroupIds), /^\["sg-[0-9a-f]{17}"\]$/);
  });
});
