/** Puts things of different heights below each other in a given order, each as near to where it wants to be as that allows. */

export interface Standing {
  /** Where its middle wants to be. */
  readonly wanted: number;
  readonly height: number;
}

interface Group {
  /** Upper edge. */
  start: number;
  height: number;
  /** Upper edges that the members would give the group. */
  sum: number;
  readonly members: Standing[];
}

/** @returns the middle of each; groups that collide move together, to where their members would have them on average */
export function spreadRows(standing: readonly Standing[]): number[] {
  const groups: Group[] = [];
  for (const each of standing) {
    const start = each.wanted - each.height / 2;
    groups.push({ start, height: each.height, sum: start, members: [each] });
    while (joinLastTwo(groups));
  }
  return groups.flatMap(({ start, members }) => {
    let edge = start;
    return members.map(({ height }) => {
      edge += height;
      return edge - height / 2;
    });
  });
}

function joinLastTwo(groups: Group[]): boolean {
  const [before, last] = [groups.at(-2), groups.at(-1)];
  if (before === undefined || last === undefined || before.start + before.height <= last.start) return false;
  groups.pop();
  before.sum += last.sum - last.members.length * before.height;
  before.height += last.height;
  before.members.push(...last.members);
  before.start = before.sum / before.members.length;
  return true;
}
