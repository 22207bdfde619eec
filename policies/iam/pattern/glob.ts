/**
 * Patterns over text: `*` is any run of characters, `?` is one. Two patterns are compared as the sets of texts they
 * stand for, exactly: what one holds the other may hold too, or both may hold in common.
 */

const ANY = "*";
const ONE = "?";

/** Whether a pattern matches a text; without backtracking beyond the latest `*`. */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, in_] = [0, 0];
  let [star, resume] = [-1, 0];
  while (in_ < text.length) {
    const symbol = pattern[at];
    if (symbol === ANY) {
      [star, resume] = [at++, in_];
    } else if (symbol !== undefined && (symbol === ONE || symbol === text[in_])) {
      at++;
      in_++;
    } else if (star >= 0) {
      at = star + 1;
      in_ = ++resume;
    } else return false;
  }
  while (pattern[at] === ANY) at++;
  return at === pattern.length;
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes(ANY) || pattern.includes(ONE);
}

/** Whether some text matches both patterns. */
export function globsMeet(left: string, right: string): boolean {
  if (!hasWildcard(left)) return matchesGlob(right, left);
  if (!hasWildcard(right)) return matchesGlob(left, right);
  // meets[j]: whether the rest of `left` from the current position and the rest of `right` from j have a text in common.
  let below: boolean[] = [];
  for (let i = left.length; i >= 0; i--) {
    const meets: boolean[] = new Array<boolean>(right.length + 1).fill(false);
    for (let j = right.length; j >= 0; j--) {
      const [a, b] = [left[i], right[j]];
      if (a === undefined && b === undefined) meets[j] = true;
      else if (a === ANY) meets[j] = below[j] === true || (b !== undefined && meets[j + 1] === true);
      else if (b === ANY) meets[j] = meets[j + 1] === true || (a !== undefined && below[j] === true);
      else if (a !== undefined && b !== undefined && (a === b || a === ONE || b === ONE))
        meets[j] = below[j + 1] === true;
    }
    below = meets;
  }
  return below[0] === true;
}

/** A letter that no pattern spells out: what holds for it holds for every other letter too. */
const FRESH = "\u0000";

/** Patterns beyond this are compared as if each wildcard were one fresh letter: what is so held is held, but not all. */
const LARGEST = 100_000;

/** Whether every text of `inner` matches `outer`. */
export function globHolds(outer: string, inner: string): boolean {
  if (outer === inner || /^\*+$/.test(outer)) return true;
  if (!hasWildcard(inner)) return matchesGlob(outer, inner);
  // Only a `*` can take in a fresh letter, so without `?` that one text stands for all.
  if (!outer.includes(ONE) || outer.length * inner.length > LARGEST) {
    return matchesGlob(outer.replaceAll(ONE, "\u0001"), inner.replaceAll(/[*?]/g, FRESH));
  }
  return holdsByLetters(outer, inner);
}

/** Follows both patterns letter by letter: `inner` at one position, `outer` at the set of those it may have reached. */
function holdsByLetters(outer: string, inner: string): boolean {
  const alphabet = new Set(`${outer}${inner}${FRESH}`.replaceAll(/[*?]/g, ""));
  const seen = new Set<string>();
  const waiting = [{ at: 0, outer: closure(outer, 1n) }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const key = `${step.at}:${step.outer}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const ends = [...inner.slice(step.at)].every((symbol) => symbol === ANY);
    if (ends && (step.outer & (1n << BigInt(outer.length))) === 0n) return false;
    for (const letter of alphabet) {
      for (const at of next(inner, step.at, letter)) waiting.push({ at, outer: advance(outer, step.outer, letter) });
    }
  }
  return true;
}

/** Where a pattern may stand after one letter, read from one position. */
function next(pattern: string, from: number, letter: string): readonly number[] {
  const found: number[] = [];
  for (let at = from; at < pattern.length; at++) {
    const symbol = pattern[at];
    if (symbol === ANY) {
      found.push(at);
      continue;
    }
    if (symbol === ONE || symbol === letter) found.push(at + 1);
    break;
  }
  return found;
}

/** The same for a set of positions, one bit each. */
function advance(pattern: string, from: bigint, letter: string): bigint {
  let to = 0n;
  for (let at = 0; at < pattern.length; at++) {
    if ((from & (1n << BigInt(at))) === 0n) continue;
    const symbol = pattern[at];
    if (symbol === ANY) to |= 1n << BigInt(at);
    else if (symbol === ONE || symbol === letter) to |= 1n << BigInt(at + 1);
  }
  return closure(pattern, to);
}

/** Adds the positions that are reached without reading a letter. */
function closure(pattern: string, set: bigint): bigint {
  let all = set;
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === ANY && (all & (1n << BigInt(at))) !== 0n) all |= 1n << BigInt(at + 1);
  }
  return all;
}
