/** Where in a definition something is, and what is wrong there: all problems are told at once. */
import { StageError } from "../../../diagnostics";

export interface DefinitionProblem {
  /** The state; nothing for the machine itself. */
  readonly state: string | undefined;
  /** The field inside, e.g. `Arguments.Payload`; empty for the state as a whole. */
  readonly field: string;
  readonly message: string;
}

/** A definition that Step Functions, or the stage, would not run; the message lists every problem with its place. */
export class DefinitionError extends StageError {
  constructor(readonly problems: readonly DefinitionProblem[]) {
    super(problems.map(renderProblem).join("\n"));
  }
}

/** `state "Check", Arguments.Payload: ...`. */
export function renderProblem({ state, field, message }: DefinitionProblem): string {
  const owner = state === undefined ? "state machine" : `state "${state}"`;
  return `${owner}${field === "" ? "" : `, ${field}`}: ${message}`;
}

export class Place {
  private constructor(
    private readonly owner: string | undefined,
    /** The field inside the state, e.g. `Arguments.Payload`. */
    readonly field: string,
    private readonly problems: DefinitionProblem[],
  ) {}

  /** The whole definition. */
  static top(problems: DefinitionProblem[]): Place {
    return new Place(undefined, "", problems);
  }

  state(name: string): Place {
    return new Place(name, "", this.problems);
  }

  /** A field inside of this one. */
  at(field: string | number): Place {
    const inside = this.field === "" ? field : `${this.field}.${field}`;
    return new Place(this.owner, typeof field === "number" ? `${this.field}[${field}]` : String(inside), this.problems);
  }

  refuse(message: string): void {
    this.problems.push({ state: this.owner, field: this.field, message });
  }
}
