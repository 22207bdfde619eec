/** Where in a definition something is, and what is wrong there: all problems are told at once. */
import { StageError } from "../../../diagnostics";

/** A definition that Step Functions, or the stage, would not run; the message lists every problem with its place. */
export class DefinitionError extends StageError {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

export class Place {
  private constructor(
    private readonly owner: string,
    /** The field inside the state, e.g. `Arguments.Payload`. */
    readonly field: string,
    private readonly problems: string[],
  ) {}

  /** The whole definition. */
  static top(problems: string[]): Place {
    return new Place("state machine", "", problems);
  }

  state(name: string): Place {
    return new Place(`state "${name}"`, "", this.problems);
  }

  /** A field inside of this one. */
  at(field: string | number): Place {
    const inner =
      typeof field === "number" ? `${this.field}[${field}]` : this.field === "" ? field : `${this.field}.${field}`;
    return new Place(this.owner, inner, this.problems);
  }

  refuse(problem: string): void {
    this.problems.push(`${this.owner}${this.field === "" ? "" : `, ${this.field}`}: ${problem}`);
  }
}
