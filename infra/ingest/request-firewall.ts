/** Stops addresses that send far more requests than a browser does, before they reach the front door. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ClickstreamComponent } from "../core/component";
import { InputProblems } from "../core/problems";

export interface RequestFirewallArgs {
  /** ARN of the API's stage. */
  readonly target: pulumi.Input<string>;
  /** Requests of one address in five minutes; AWS counts from 10 up. */
  readonly requestsPerAddress: number;
}

export class RequestFirewall extends ClickstreamComponent {
  constructor(name: string, args: RequestFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = new InputProblems(`RequestFirewall ${name}`);
    const limit = args.requestsPerAddress;
    problems.expect(
      Number.isInteger(limit) && limit >= 10 && limit <= 2_000_000_000,
      "requestsPerAddress",
      limit,
      "10..2000000000",
    );
    problems.throwIfAny();
    super("clickstream:ingest:RequestFirewall", name, {}, opts);

    const visible = (metricName: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    });
    const acl = new aws.wafv2.WebAcl(
      name,
      {
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        visibilityConfig: visible("beacons"),
        rules: [
          {
            name: "per-address",
            priority: 0,
            action: { block: {} },
            statement: { rateBasedStatement: { limit, aggregateKeyType: "IP" } },
            visibilityConfig: visible("beacons-per-address"),
          },
        ],
      },
      this.child(),
    );
    new aws.wafv2.WebAclAssociation(name, { resourceArn: args.target, webAclArn: acl.arn }, this.child());
    this.registerOutputs({});
  }
}
