/**
 * What the stage says when a program asks for something it does not do: always where (file:line), what, and how to mend it.
 */

/** Where in the program a resource was declared; the file is relative to the project's folder. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
}

/** One thing that is wrong with a program or a graph. */
export interface Problem {
  readonly source?: SourcePosition | undefined;
  readonly message: string;
}

/** An error for the person in front of the machine: its message says it all, its stack says nothing. */
export class StageError extends Error {
  override readonly name = "StageError";
}

/** Every problem of a program, in one message, each with its place. */
export class ProgramError extends StageError {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(renderProblem).join("\n"));
  }
}

export function renderProblem({ source, message }: Problem): string {
  return source === undefined ? message : `${renderSource(source)}: ${message}`;
}

export function renderSource({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}
