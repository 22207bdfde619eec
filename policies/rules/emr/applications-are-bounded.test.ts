/** Does not prove what a job costs. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { applicationsAreBounded } from "./applications-are-bounded";

proveRule(applicationsAreBounded, {
  right: [
    {
      type: "aws:emrserverless/application:Application",
      properties: { networkConfiguration: { subnetIds: ["subnet-1"] }, maximumCapacity: { cpu: "16 vCPU" } },
    },
  ],
  cases: [
    {
      when: "it may grow without end",
      set: { maximumCapacity: undefined },
      says: ["maximumCapacity.cpu must be the most that may run at once, got nothing"],
    },
    {
      when: "it runs in a network that is none of ours",
      set: { networkConfiguration: undefined },
      says: ["networkConfiguration.subnetIds must be subnets of ours, got nothing"],
    },
    {
      when: "it never stops",
      set: { autoStopConfiguration: { enabled: false } },
      says: ["autoStopConfiguration.enabled must be true, or left out, got false"],
    },
    {
      when: "whether it stops is not known",
      set: { "autoStopConfiguration.enabled": UNKNOWN },
      says: [notKnown("autoStopConfiguration.enabled", "true, or left out")],
    },
  ],
});
