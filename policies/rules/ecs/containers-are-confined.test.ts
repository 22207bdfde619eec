/** Does not prove what an image does. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import type { Properties } from "../../core/value";
import { containersAreConfined } from "./containers-are-confined";

const containers = (changes: Properties = {}): string =>
  JSON.stringify([
    { name: "collect", readonlyRootFilesystem: true, logConfiguration: { logDriver: "awslogs" }, ...changes },
  ]);

proveRule(containersAreConfined, {
  right: [{ type: "aws:ecs/taskDefinition:TaskDefinition", properties: { containerDefinitions: containers() } }],
  cases: [
    {
      when: "it is privileged",
      set: { containerDefinitions: containers({ privileged: true }) },
      says: ['container "collect" is privileged: it has every power over its host'],
    },
    {
      when: "it may write to its root",
      set: { containerDefinitions: containers({ readonlyRootFilesystem: false }) },
      says: ['container "collect" may write to its root file system'],
    },
    {
      when: "it holds a password",
      set: { containerDefinitions: containers({ environment: [{ name: "KAFKA_PASSWORD", value: "hunter2" }] }) },
      says: ['container "collect" holds what looks like a secret in KAFKA_PASSWORD'],
    },
    {
      when: "it runs as root with a capability, and logs nowhere",
      set: {
        containerDefinitions: containers({
          user: "root",
          logConfiguration: null,
          linuxParameters: { capabilities: { add: ["SYS_ADMIN"] } },
        }),
      },
      says: [
        'container "collect" logs nowhere',
        'container "collect" runs as root',
        'container "collect" adds the capability "SYS_ADMIN"',
      ],
    },
    {
      when: "the task sees its host",
      set: { pidMode: "host" },
      says: ['pidMode must not be "host": the task would see its host\'s processes'],
    },
    {
      when: "the definitions are no list",
      set: { containerDefinitions: "{}" },
      says: ["containerDefinitions are no list of containers"],
    },
    {
      when: "the definitions are not known",
      set: { containerDefinitions: UNKNOWN },
      says: ["containerDefinitions are not known before deployment, so nothing in them can be judged"],
    },
  ],
});
