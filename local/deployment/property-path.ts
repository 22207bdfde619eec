/** Paths as programs write them in ignoreChanges and replaceOnChanges: `environment.variables.LEVEL`, `rules[*].id`, `*`. */

export type PathSteps = readonly string[];

export function readPath(text: string): PathSteps {
  const steps: string[] = [];
  for (const [, quoted, index, name] of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    steps.push(quoted?.replaceAll(/\\(.)/g, "$1") ?? index ?? name ?? "");
  }
  return steps;
}

/** Names from the outside in as text, list items by index; names that are no words are quoted. */
export function renderPath(steps: readonly (string | number)[]): string {
  return steps
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join("");
}

/** Whether a path is, or lies inside, what a pattern names; `*` stands for any name. */
export function isCovered(path: string, pattern: string): boolean {
  const [steps, wanted] = [readPath(path), readPath(pattern)];
  return wanted.length <= steps.length && wanted.every((step, at) => step === "*" || step === steps[at]);
}

/** Whether a path holds what a pattern names, inside. */
export function holds(path: string, pattern: string): boolean {
  const [steps, wanted] = [readPath(path), readPath(pattern)];
  return steps.length < wanted.length && steps.every((step, at) => wanted[at] === "*" || wanted[at] === step);
}
