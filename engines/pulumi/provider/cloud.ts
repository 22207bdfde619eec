/** The cloud behind the provider: which resources exist, so that nobody has to believe the engine's own state. */

export class Cloud {
  /** By type and id, the URN under which each was made; a replacement may live beside its predecessor under one id. */
  readonly #made = new Map<string, string[]>();

  /** Number of resources that exist. */
  get size(): number {
    return [...this.#made.values()].reduce((sum, urns) => sum + urns.length, 0);
  }

  /** `type id` of everything that exists. */
  get contents(): string[] {
    return [...this.#made.keys()].sort();
  }

  add(type: string, id: string, urn: string): void {
    this.#made.set(keyOf(type, id), [...(this.#made.get(keyOf(type, id)) ?? []), urn]);
  }

  /** @throws Error when there is no such resource */
  remove(type: string, id: string): void {
    const urns = this.#made.get(keyOf(type, id));
    if (urns === undefined) throw new Error(`there is no ${type} ${id} to delete`);
    if (urns.length === 1) this.#made.delete(keyOf(type, id));
    else this.#made.set(keyOf(type, id), urns.slice(1));
  }

  /** The URN a resource was made under, which a later alias does not change. */
  urnOf(type: string, id: string): string | undefined {
    return this.#made.get(keyOf(type, id))?.at(-1);
  }
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}
