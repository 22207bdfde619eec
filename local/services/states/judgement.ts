/** Whether a definition would be run, as ValidateStateMachineDefinition tells it. */
import { refusalOf } from "./integrations/catalog";
import { parseMachine } from "./language/parse";
import { DefinitionError, renderProblem, type DefinitionProblem } from "./language/place";

export function judgeDefinition(definition: string): object {
  try {
    parseMachine(definition, { refusalOf });
    return { result: "OK", diagnostics: [], truncated: false };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return { result: "FAIL", diagnostics: error.problems.map(describeProblem), truncated: false };
  }
}

function describeProblem(problem: DefinitionProblem): object {
  const { state, field } = problem;
  const steps = [...(state === undefined ? [] : ["States", state]), ...field.split(/[.[\]]+/).filter(Boolean)];
  const location = steps.map((step) => `/${step}`).join("");
  return { severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: renderProblem(problem), location };
}
