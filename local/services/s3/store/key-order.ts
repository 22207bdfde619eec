/** Keys in the order in which S3 lists them: by the bytes of their UTF-8 form. */

/** Orders two keys as `Buffer.compare` orders their bytes, without making the bytes. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 sorts the halves of a surrogate pair below U+E000 and above, UTF-8 sorts what they stand for above. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** A set of keys, kept in order. */
export class KeyList {
  readonly #keys: string[] = [];

  get length(): number {
    return this.#keys.length;
  }

  at(index: number): string | undefined {
    return this.#keys[index];
  }

  add(key: string): void {
    const last = this.#keys.at(-1);
    if (last === undefined || compareKeys(last, key) < 0) {
      this.#keys.push(key);
      return;
    }
    const index = this.from(key);
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key);
  }

  delete(key: string): void {
    const index = this.from(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Index of the first key that is not before `key`. */
  from(key: string): number {
    return this.#search((each) => compareKeys(each, key) < 0);
  }

  /** Index behind the last key that is `key` or before it. */
  after(key: string): number {
    return this.#search((each) => compareKeys(each, key) <= 0);
  }

  /** Index behind the last key that begins with `prefix` or is before those that do. */
  afterPrefix(prefix: string): number {
    return this.#search((each) => each.startsWith(prefix) || compareKeys(each, prefix) < 0);
  }

  #search(isBefore: (key: string) => boolean): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#keys[middle] as string)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
