/**
 * Several places of one item as a tree, so that an item is walked once for all of them: what a projection keeps, and
 * what an update changes. No place may lie inside another.
 */
import { attributeOf, type AttributeValue, type Item } from "./attribute-value";
import { renderPath, type DocumentPath, type PathElement } from "./document-path";

/** What happens to the value at a place: the new value, or nothing when there shall be none. */
export type Edit = (value: AttributeValue | undefined) => AttributeValue | undefined;

type Branches<Leaf> = ReadonlyMap<PathElement, Node<Leaf>>;
type Node<Leaf> =
  | { readonly path: DocumentPath; readonly leaf: Leaf }
  | { readonly path: DocumentPath; readonly branches: Map<PathElement, Node<Leaf>> };

/** Two places that cannot both be meant. */
export class PathClash extends Error {
  constructor(kind: "overlap" | "conflict", one: DocumentPath, two: DocumentPath) {
    super(
      `Two document paths ${kind} with each other; must remove or rewrite one of these paths; ` +
        `path one: ${renderPath(one)}, path two: ${renderPath(two)}`,
    );
  }
}

export class PathTree<Leaf> {
  readonly #branches = new Map<PathElement, Node<Leaf>>();

  /** @throws PathClash when a place lies inside another, or one value would be both a map and a list */
  constructor(places: Iterable<readonly [DocumentPath, Leaf]>) {
    for (const [path, leaf] of places) this.#add(path, leaf);
  }

  get branches(): Branches<Leaf> {
    return this.#branches;
  }

  #add(path: DocumentPath, leaf: Leaf): void {
    let branches = this.#branches;
    for (const [depth, element] of path.entries()) {
      refuseOtherKind(branches, element, path);
      const known = branches.get(element);
      const isLast = depth === path.length - 1;
      if (known !== undefined && (isLast || "leaf" in known)) throw new PathClash("overlap", known.path, path);
      if (isLast) {
        branches.set(element, { path, leaf });
      } else if (known === undefined) {
        const inner = new Map<PathElement, Node<Leaf>>();
        branches.set(element, { path, branches: inner });
        branches = inner;
      } else if ("branches" in known) {
        branches = known.branches;
      }
    }
  }
}

/** The parts of an item at the places of a tree; elements of a list close ranks. */
export function projectItem(item: Item, tree: PathTree<true>): Item {
  return projectMap(item, tree.branches);
}

/**
 * The item with every edit made, each on the value that was there before.
 * @param misplaced makes the error for a place whose surroundings do not exist
 */
export function editItem(item: Item, tree: PathTree<Edit>, misplaced: () => Error): Item {
  return editMap(item, tree.branches, misplaced);
}

function projectMap(map: Item, branches: Branches<true>): Item {
  const kept: [string, AttributeValue][] = [];
  for (const [name, node] of branches) {
    const value = projectValue(attributeOf(map, String(name)), node);
    if (value !== undefined) kept.push([String(name), value]);
  }
  return Object.fromEntries(kept);
}

function projectValue(value: AttributeValue | undefined, node: Node<true>): AttributeValue | undefined {
  if (value === undefined || "leaf" in node) return value;
  if ("M" in value) {
    const map = projectMap(value.M, node.branches);
    return Object.keys(map).length === 0 ? undefined : { M: map };
  }
  if (!("L" in value)) return undefined;
  const list = inOrder(node.branches).flatMap(([index, inner]) => projectValue(value.L[index], inner) ?? []);
  return list.length === 0 ? undefined : { L: list };
}

function editMap(map: Item, branches: Branches<Edit>, misplaced: () => Error): Item {
  const entries = new Map(Object.entries(map));
  for (const [element, node] of branches) {
    const name = String(element);
    const value = editValue(entries.get(name), node, misplaced);
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

function editValue(
  value: AttributeValue | undefined,
  node: Node<Edit>,
  misplaced: () => Error,
): AttributeValue | undefined {
  if ("leaf" in node) return node.leaf(value);
  const isList = holdsIndices(node.branches);
  if (value !== undefined && "L" in value && isList) return { L: editList(value.L, node.branches, misplaced) };
  if (value !== undefined && "M" in value && !isList) return { M: editMap(value.M, node.branches, misplaced) };
  throw misplaced();
}

/** Indices mean the list as it was; what is set beyond its end is appended, in order of the indices. */
function editList(
  list: readonly AttributeValue[],
  branches: Branches<Edit>,
  misplaced: () => Error,
): readonly AttributeValue[] {
  const edited = list.map((element, index) => {
    const node = branches.get(index);
    return node === undefined ? element : editValue(element, node, misplaced);
  });
  for (const [index, node] of inOrder(branches)) {
    if (index >= list.length) edited.push(editValue(undefined, node, misplaced));
  }
  return edited.filter((element) => element !== undefined);
}

function inOrder<Leaf>(branches: Branches<Leaf>): [number, Node<Leaf>][] {
  const indexed = [...branches].flatMap(([element, node]): [number, Node<Leaf>][] =>
    typeof element === "number" ? [[element, node]] : [],
  );
  return indexed.sort(([left], [right]) => left - right);
}

/** Branches are all names or all indices: the first tells. */
function holdsIndices<Leaf>(branches: Branches<Leaf>): boolean {
  const [first] = branches.keys();
  return typeof first === "number";
}

/** Names and indices beside each other would make one value both a map and a list. */
function refuseOtherKind<Leaf>(branches: Branches<Leaf>, element: PathElement, path: DocumentPath): void {
  const [first] = branches.values();
  if (first !== undefined && holdsIndices(branches) !== (typeof element === "number")) {
    throw new PathClash("conflict", first.path, path);
  }
}
