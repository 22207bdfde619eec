/** Log groups and streams as a program sees them. */
import { StageError } from "../../diagnostics";
import { textOf } from "../../graph/graph";
import { arnOf, type Declaration, forcesNew, physicalName, type ServiceModels } from "../model";

const LONGEST_NAME = 512;

export const logsModels: ServiceModels = {
  resources: {
    "aws:cloudwatch/logGroup:LogGroup": (declaration, facts) => {
      const name = named(declaration, /^[.\-_/#A-Za-z0-9]+$/, "letters, digits and . - _ / #");
      return { id: name, outputs: { name, arn: arnOf(facts, "logs", `log-group:${name}`), logGroupClass: "STANDARD" } };
    },
    "aws:cloudwatch/logStream:LogStream": (declaration, facts) => {
      const name = named(declaration, /^[^:*]+$/, "anything but : and *");
      const group = textOf(declaration.inputs, "logGroupName");
      return { id: name, outputs: { name, arn: arnOf(facts, "logs", `log-group:${group}:log-stream:${name}`) } };
    },
  },
  replacedBy: {
    "aws:cloudwatch/logGroup:LogGroup": forcesNew("logs/group.go", "name", "namePrefix", "logGroupClass"),
    "aws:cloudwatch/logStream:LogStream": forcesNew("logs/stream.go", "name", "logGroupName"),
  },
  keepsIn: { "aws:cloudwatch/logGroup:LogGroup": ({ name }) => ["logs", name] },
};

/** Source of the characters: CloudWatch Logs API reference, CreateLogGroup and CreateLogStream. */
function named(declaration: Declaration, pattern: RegExp, allowed: string): string {
  const name = physicalName(declaration, { longest: LONGEST_NAME });
  if (!pattern.test(name))
    throw new StageError(`name ${name} has characters that AWS does not take; allowed: ${allowed}`);
  return name;
}
