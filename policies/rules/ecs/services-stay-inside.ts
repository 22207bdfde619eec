import { NOT_TRUE, is } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

export const servicesStayInside: ResourceRule = {
  name: "ecs-services-stay-inside",
  description:
    "A task has no address of its own on the internet, nobody opens a shell in it, and a deployment that fails rolls back.",
  severity: "high",
  fix: "set networkConfiguration.assignPublicIp: false, enableExecuteCommand: false, deploymentCircuitBreaker with rollback",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html",
  types: ["aws:ecs/service:Service"],
  check(_, examination) {
    examination.expect("networkConfiguration.assignPublicIp", NOT_TRUE);
    examination.expect("enableExecuteCommand", NOT_TRUE);
    examination.expect("deploymentCircuitBreaker.rollback", is(true));
  },
};
