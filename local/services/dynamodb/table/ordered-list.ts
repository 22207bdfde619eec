/**
 * Elements in order, by a comparison of their own, in chunks: finding one takes the logarithm of their number, putting
 * one in or taking one out moves a chunk's worth, and a walk may begin anywhere and go either way.
 */
const LARGEST_CHUNK = 512;

/** Where an element stands, or would stand. */
interface Position {
  readonly chunk: number;
  readonly offset: number;
}

export class OrderedList<Element> {
  /** Chunks without an element are not kept. */
  readonly #chunks: Element[][] = [];
  readonly #compare: (left: Element, right: Element) => number;
  #size = 0;

  /** @param compare below 0 when `left` comes first; 0 for two elements of which the list holds only one */
  constructor(compare: (left: Element, right: Element) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** The element that stands where the probe would. */
  get(probe: Element): Element | undefined {
    return this.#at(this.#positionOf(probe), probe);
  }

  /** Puts an element in, in the place of the one that stood there; answers that one. */
  set(element: Element): Element | undefined {
    const position = this.#positionOf(element);
    const previous = this.#at(position, element);
    if (previous === undefined) this.#insert(position, element);
    else (this.#chunks[position.chunk] as Element[])[position.offset] = element;
    return previous;
  }

  /** Takes out the element that stands where the probe would; answers it. */
  delete(probe: Element): Element | undefined {
    const { chunk, offset } = this.#positionOf(probe);
    const found = this.#at({ chunk, offset }, probe);
    if (found === undefined) return undefined;
    const elements = this.#chunks[chunk] as Element[];
    elements.splice(offset, 1);
    if (elements.length === 0) this.#chunks.splice(chunk, 1);
    this.#size--;
    return found;
  }

  /** Elements from the first that passes the test onward; once one passes, all behind it must. */
  *from(test: (element: Element) => boolean): Generator<Element> {
    let { chunk, offset } = this.#first(test);
    for (; chunk < this.#chunks.length; chunk++, offset = 0) {
      const elements = this.#chunks[chunk] as Element[];
      for (; offset < elements.length; offset++) yield elements[offset] as Element;
    }
  }

  /** Elements before the first that passes the test, from the last back to the first. */
  *before(test: (element: Element) => boolean): Generator<Element> {
    const position = this.#first(test);
    let offset = position.offset - 1;
    for (let chunk = position.chunk; chunk >= 0; chunk--) {
      const elements = this.#chunks[chunk] ?? [];
      for (; offset >= 0; offset--) yield elements[offset] as Element;
      offset = (this.#chunks[chunk - 1]?.length ?? 0) - 1;
    }
  }

  [Symbol.iterator](): Generator<Element> {
    return this.from(() => true);
  }

  #positionOf(probe: Element): Position {
    return this.#first((element) => this.#compare(element, probe) >= 0);
  }

  #at({ chunk, offset }: Position, probe: Element): Element | undefined {
    const element = this.#chunks[chunk]?.[offset];
    return element !== undefined && this.#compare(element, probe) === 0 ? element : undefined;
  }

  /** The first element that passes, by halving: first among the chunks' last elements, then within that chunk. */
  #first(test: (element: Element) => boolean): Position {
    const chunk = halve(this.#chunks.length, (index) => test(this.#chunks[index]?.at(-1) as Element));
    const elements = this.#chunks[chunk] ?? [];
    return { chunk, offset: halve(elements.length, (index) => test(elements[index] as Element)) };
  }

  #insert({ chunk, offset }: Position, element: Element): void {
    this.#size++;
    const isBehindAll = chunk === this.#chunks.length;
    const elements = isBehindAll ? this.#chunks[chunk - 1] : this.#chunks[chunk];
    if (elements === undefined) {
      this.#chunks.push([element]);
      return;
    }
    if (isBehindAll) elements.push(element);
    else elements.splice(offset, 0, element);
    if (elements.length <= LARGEST_CHUNK) return;
    // What only ever grows at its end leaves full chunks behind.
    const kept = isBehindAll ? LARGEST_CHUNK : LARGEST_CHUNK / 2;
    const place = isBehindAll ? chunk - 1 : chunk;
    this.#chunks.splice(place + 1, 0, elements.splice(kept));
  }
}

/** The first index below `length` that passes the test, or `length`. */
function halve(length: number, test: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
