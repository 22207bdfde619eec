/** Does not prove that subnets have no way in. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { servicesStayInside } from "./services-stay-inside";

proveRule(servicesStayInside, {
  right: [
    {
      type: "aws:ecs/service:Service",
      properties: {
        networkConfiguration: { assignPublicIp: false },
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    },
  ],
  cases: [
    {
      when: "it has an address on the internet",
      set: { "networkConfiguration.assignPublicIp": true },
      says: ["networkConfiguration.assignPublicIp must be false, got true"],
    },
    {
      when: "anybody may open a shell",
      set: { enableExecuteCommand: true },
      says: ["enableExecuteCommand must be false, got true"],
    },
    {
      when: "a deployment that fails stays",
      set: { deploymentCircuitBreaker: undefined },
      says: ["deploymentCircuitBreaker.rollback must be true, got nothing"],
    },
    {
      when: "its network is not known",
      set: { networkConfiguration: UNKNOWN },
      says: [notKnown("networkConfiguration.assignPublicIp", "false")],
    },
  ],
});
