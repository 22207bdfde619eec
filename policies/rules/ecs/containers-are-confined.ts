import { looksSecret } from "../../core/secret";
import { documentAt, listOf } from "../../core/document";
import { knownText } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import { isRecord, show, UNKNOWN, valueAt, type Properties } from "../../core/value";

export const containersAreConfined: StackRule = {
  name: "ecs-containers-are-confined",
  description:
    "A container has no power over its host, writes to no root file system, logs, and holds no secrets in its environment.",
  severity: "critical",
  fix: "set privileged: false, readonlyRootFilesystem: true, logConfiguration, and pass secrets by `secrets`",
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  checkWithin(stack, task, examination) {
    const containers = documentAt(stack, task, "containerDefinitions");
    if (containers === UNKNOWN) {
      const message = "containerDefinitions are not known before deployment, so nothing in them can be judged";
      return examination.violate({ subject: "containerDefinitions", verdict: "unproven", message });
    }
    if (!Array.isArray(containers)) {
      return examination.violate({
        subject: "containerDefinitions",
        message: "containerDefinitions are no list of containers",
      });
    }
    listOf(containers).forEach((container, index) => {
      const place = `containerDefinitions[${index}]`;
      if (!isRecord(container)) return;
      for (const [subject, problem] of problemsOf(container)) {
        examination.violate({
          subject: `${place}.${subject}`,
          message: `container ${show(container["name"])} ${problem}`,
        });
      }
    });
    for (const shared of ["pidMode", "ipcMode"]) {
      if (valueAt(task.properties, shared) === "host")
        examination.violate({
          subject: shared,
          message: `${shared} must not be "host": the task would see its host's processes`,
        });
    }
  },
};

function problemsOf(container: Properties): [subject: string, problem: string][] {
  const problems: [string, string][] = [];
  const { privileged, readonlyRootFilesystem, logConfiguration, user } = container;
  if (privileged === true) problems.push(["privileged", "is privileged: it has every power over its host"]);
  if (readonlyRootFilesystem !== true) problems.push(["readonlyRootFilesystem", "may write to its root file system"]);
  if (!isRecord(logConfiguration)) problems.push(["logConfiguration", "logs nowhere"]);
  if (user === "root" || user === "0") problems.push(["user", "runs as root"]);
  for (const capability of listOf(valueAt(container, "linuxParameters.capabilities.add"))) {
    problems.push(["linuxParameters.capabilities.add", `adds the capability ${show(capability)}`]);
  }
  for (const variable of listOf(container["environment"]).filter(isRecord)) {
    const name = knownText(variable["name"]) ?? "";
    if (looksSecret(name, variable["value"]))
      problems.push([`environment.${name}`, `holds what looks like a secret in ${name}`]);
  }
  return problems;
}
