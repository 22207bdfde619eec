import { listOf } from "../../core/document";
import { present } from "../../core/expectation";
import type { Examination } from "../../core/examination";
import type { ResourceRule } from "../../core/rule";
import { show, UNKNOWN, valueAt } from "../../core/value";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/** Ports on which a front door may answer everybody. */
const FRONT_DOOR = [443];

const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

export const securityGroupsLetNobodyInFromEverywhere: ResourceRule = {
  name: "ec2-security-groups-let-nobody-in-from-everywhere",
  description: "Whoever may come in is named: a group, a prefix list or a range; only TLS may face everybody.",
  severity: "critical",
  fix: "name referencedSecurityGroupId, prefixListId or a range of addresses, and say what the rule is for",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: [RULE, GROUP, OLD_RULE],
  check({ type, properties }, examination) {
    if (type === GROUP) {
      examination.expect("description", present("what the group is for"));
      for (const rule of examination.each("ingress")) judge(examination, rule, ["cidrBlocks", "ipv6CidrBlocks"]);
      return;
    }
    if (type === OLD_RULE && valueAt(properties, "type") === "egress") return;
    examination.expect("description", present("what the rule is for"));
    judge(examination, "", type === RULE ? ["cidrIpv4", "cidrIpv6"] : ["cidrBlocks", "ipv6CidrBlocks"]);
  },
};

function judge(examination: Examination, rule: string, ranges: readonly string[]): void {
  const at = (property: string) => (rule === "" ? property : `${rule}.${property}`);
  const { properties } = examination.resource;
  const from = valueAt(properties, at("fromPort"));
  const to = valueAt(properties, at("toPort"));
  const isFrontDoor = from === to && FRONT_DOOR.some((port) => port === from);
  for (const range of ranges) {
    const addresses = listOf(valueAt(properties, at(range)));
    if (addresses.includes(UNKNOWN) && !isFrontDoor) {
      const message = `${at(range)} is not known before deployment`;
      examination.violate({ subject: at(range), verdict: "unproven", message });
    }
    const open = addresses.find((address) => EVERYWHERE.some((each) => each === address));
    if (open === undefined || isFrontDoor) continue;
    const ports =
      from === undefined ? "every port" : from === to ? `port ${show(from)}` : `ports ${show(from)}..${show(to)}`;
    examination.violate({ subject: at(range), message: `${show(open)} may come in on ${ports}` });
  }
}
