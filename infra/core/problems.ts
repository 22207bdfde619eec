/** Collects everything that is wrong with a component's arguments, so that its user mends all of it in one go. */
import * as pulumi from "@pulumi/pulumi";

export class InputProblems {
  readonly #found: { propertyPath: string; reason: string }[] = [];

  /** @param component how the message names it, e.g. `EventStream input` */
  constructor(private readonly component: string) {}

  /** Notes a problem unless `holds`. `allowed` says what would be right; `fix`, how to get there. */
  expect(holds: boolean, property: string, got: unknown, allowed: string, fix?: string): void {
    if (holds) return;
    const reason = `must be ${allowed}, got ${JSON.stringify(got)}${fix === undefined ? "" : `; ${fix}`}`;
    this.#found.push({ propertyPath: property, reason });
  }

  /** @throws pulumi.InputPropertiesError listing every problem noted */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    const lines = this.#found.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`);
    throw new pulumi.InputPropertiesError({
      message: `${this.component}: ${lines.join("; ")}`,
      errors: this.#found,
    });
  }
}
