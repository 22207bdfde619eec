/** Does not prove what a network lets through: routes and network access lists are not looked at. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { securityGroupsLetNobodyInFromEverywhere } from "./security-groups-let-nobody-in-from-everywhere";

const rule = { description: "TLS from functions", fromPort: 5439, toPort: 5439 };

proveRule(securityGroupsLetNobodyInFromEverywhere, {
  right: [
    {
      type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      properties: { ...rule, referencedSecurityGroupId: "sg-1" },
    },
    {
      type: "aws:ec2/securityGroup:SecurityGroup",
      name: "group",
      properties: {
        description: "the front door",
        ingress: [{ fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
      },
    },
  ],
  cases: [
    {
      when: "a database answers everybody",
      set: { cidrIpv4: "0.0.0.0/0" },
      says: ['"0.0.0.0/0" may come in on port 5439'],
    },
    {
      when: "it answers every IPv6 address on every port",
      set: { cidrIpv6: "::/0", fromPort: undefined, toPort: undefined },
      says: ['"::/0" may come in on every port'],
    },
    {
      when: "a group's own rule is wider than TLS",
      of: "group",
      set: { "ingress[0].fromPort": 22 },
      says: ['"0.0.0.0/0" may come in on ports 22..443'],
    },
    {
      when: "nobody says what it is for",
      set: { description: undefined },
      says: ["description must be what the rule is for, got nothing"],
    },
    {
      when: "who may come in is not known",
      set: { cidrIpv4: UNKNOWN },
      says: ["cidrIpv4 is not known before deployment"],
    },
    {
      when: "the group's rules are not known",
      of: "group",
      set: { ingress: UNKNOWN },
      says: ["ingress is not known before deployment, so nothing in it can be judged"],
    },
  ],
});
