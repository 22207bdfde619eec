/**
 * Makes resources fail, so that rollbacks can be tried: a template cannot, because nothing it describes is run.
 * A fault holds until it has struck as often as it says.
 */
export interface Fault {
  readonly stackName: string;
  readonly logicalId: string;
  readonly on: "create" | "update" | "delete";
  readonly reason: string;
  /** @default 1 */
  readonly times?: number;
}

export class Faults {
  #planned: { readonly fault: Fault; left: number }[] = [];

  plan(fault: Fault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 });
  }

  /** The reason with which the resource fails now; nothing where it does not. */
  strike(stackName: string, logicalId: string, on: Fault["on"]): string | undefined {
    const found = this.#planned.find(
      ({ fault, left }) =>
        left > 0 && fault.stackName === stackName && fault.logicalId === logicalId && fault.on === on,
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault.reason;
  }
}
