/** The policy pack, as the Pulumi CLI and `clickstream policy` start it. Without a configuration every rule is mandatory. */
import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./core/policy";
import { PACK_NAME, RULES } from "./pack";
import { WAIVERS } from "./waivers";

new PolicyPack(PACK_NAME, {
  policies: toPolicies({ rules: RULES, waivers: WAIVERS, now: Date.now }),
  enforcementLevel: "mandatory",
});
