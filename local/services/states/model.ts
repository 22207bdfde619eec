/** State machines as a program sees them. */
import { StageError } from "../../diagnostics";
import { optionalText } from "../../graph/graph";
import { arnOf, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

const LONGEST_NAME = 80;

export const statesModels: ServiceModels = {
  resources: {
    "aws:sfn/stateMachine:StateMachine": (declaration, facts) => {
      const prefix = optionalText(declaration.inputs, "namePrefix");
      const name =
        prefix === undefined
          ? physicalName(declaration, { longest: LONGEST_NAME })
          : `${prefix}${fingerprint(declaration.urn, 26)}`;
      if (!/^[\w-]+$/.test(name)) throw new StageError(`name ${name} may have letters, digits, - and _ only`);
      const arn = arnOf(facts, "states", `stateMachine:${name}`);
      return { id: arn, outputs: { name, arn, status: "ACTIVE" } };
    },
  },
  replacedBy: {
    "aws:sfn/stateMachine:StateMachine": forcesNew("sfn/state_machine.go", "name", "namePrefix", "type"),
  },
};
