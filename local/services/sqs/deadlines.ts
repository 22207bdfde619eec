/**
 * Things by the time at which each falls due: a binary heap. What is set anew or taken out leaves its old entry in the
 * heap, to be dropped when it surfaces, or with all its like once they are the majority.
 */
interface Entry<T> {
  readonly thing: T;
  readonly at: number;
  /** Of two that fall due together, the one that was set first comes first. */
  readonly order: number;
}

/** Entries below which the heap is not worth cleaning. */
const FEW = 64;

export class Deadlines<T> {
  readonly #current = new Map<T, Entry<T>>();
  #heap: Entry<T>[] = [];
  #order = 0;

  /** How many things wait. */
  get size(): number {
    return this.#current.size;
  }

  /** When the next thing falls due; nothing when none waits. */
  get next(): number | undefined {
    return this.#first()?.at;
  }

  set(thing: T, at: number): void {
    const entry = { thing, at, order: this.#order++ };
    this.#current.set(thing, entry);
    this.#push(entry);
    if (this.#heap.length > 2 * this.#current.size + FEW) {
      // A sorted list is a heap.
      this.#heap = [...this.#current.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
    }
  }

  /** Whether the thing waited. */
  delete(thing: T): boolean {
    return this.#current.delete(thing);
  }

  /** Takes out the next thing that is due by then; nothing when none is. */
  takeDue(now: number): T | undefined {
    const entry = this.#first();
    if (entry === undefined || entry.at > now) return undefined;
    this.#pop();
    this.#current.delete(entry.thing);
    return entry.thing;
  }

  clear(): void {
    this.#current.clear();
    this.#heap = [];
  }

  #first(): Entry<T> | undefined {
    for (;;) {
      const entry = this.#heap[0];
      if (entry === undefined || this.#current.get(entry.thing) === entry) return entry;
      this.#pop();
    }
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const takesOther = other !== undefined && isBefore(other, one);
      const child = takesOther ? other : one;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = takesOther ? left + 1 : left;
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}
