/**
 * From method and path to what serves them. A name in the path goes before a `{parameter}`, that before `{greedy+}`; a
 * resource serves only the methods that it declares, and what it does not serve falls to the next best resource: both as
 * API Gateway was measured to do.
 */
import { StageError } from "../../diagnostics";
import { decodePercent } from "../../endpoint/http";

export interface RouteResource<Served> {
  readonly id: string;
  /** Nothing for the root. */
  readonly parentId: string | undefined;
  readonly pathPart: string;
  /** By HTTP method, or `ANY`. */
  readonly methods: ReadonlyMap<string, Served>;
}

export interface Route<Served> {
  readonly resourceId: string;
  /** As declared: `/pets/{id}`. */
  readonly path: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly served: Served;
}

interface Node<Served> {
  readonly id: string;
  readonly path: string;
  readonly methods: ReadonlyMap<string, Served>;
  readonly named: Map<string, Node<Served>>;
  parameter: { readonly name: string; readonly node: Node<Served> } | undefined;
  greedy: { readonly name: string; readonly node: Node<Served> } | undefined;
}

const PARAMETER = /^\{([\w.$-]+)(\+?)\}$/;
const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

export class RouteTable<Served> {
  readonly #root: Node<Served>;
  /** Routes without a parameter: `GET /beacon`. */
  readonly #exact = new Map<string, Route<Served>>();

  /** @throws StageError when resources do not make one tree */
  constructor(resources: readonly RouteResource<Served>[]) {
    const root = resources.find(({ parentId }) => parentId === undefined);
    if (root === undefined) throw new StageError("an API needs a root resource");
    this.#root = makeNode(root, "");
    const reached = this.#grow(this.#root, root.id, resources);
    if (reached !== resources.length) throw new StageError("a resource of the API has a parent that is not of the API");
  }

  /** @param path with its leading slash, still percent-encoded; a trailing slash counts for nothing */
  find(method: string, path: string): Route<Served> | undefined {
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact !== undefined) return exact;
    const segments = path.split("/").slice(1).map(decodePercent);
    if (segments.at(-1) === "") segments.pop();
    return search(this.#root, segments, 0, method, []);
  }

  /** @returns how many resources the branch has */
  #grow(node: Node<Served>, id: string, resources: readonly RouteResource<Served>[]): number {
    let reached = 1;
    for (const [method, served] of node.methods) {
      if (method !== "ANY" && !node.path.includes("{")) {
        this.#exact.set(`${method} ${node.path || "/"}`, {
          resourceId: id,
          path: node.path || "/",
          pathParameters: NO_PARAMETERS,
          served,
        });
      }
    }
    for (const resource of resources.filter(({ parentId }) => parentId === id)) {
      const child = makeNode(resource, node.path);
      attach(node, resource.pathPart, child);
      reached += this.#grow(child, resource.id, resources);
    }
    return reached;
  }
}

function makeNode<Served>(
  { id, parentId, pathPart, methods }: RouteResource<Served>,
  parentPath: string,
): Node<Served> {
  const path = parentId === undefined ? "" : `${parentPath}/${pathPart}`;
  return { id, path, methods, named: new Map(), parameter: undefined, greedy: undefined };
}

function attach<Served>(parent: Node<Served>, pathPart: string, node: Node<Served>): void {
  const [, name, plus] = PARAMETER.exec(pathPart) ?? [];
  const taken =
    name === undefined
      ? parent.named.has(pathPart)
      : plus === "+"
        ? parent.greedy !== undefined
        : parent.parameter !== undefined;
  if (taken) throw new StageError(`the path ${node.path} clashes with a resource beside it`);
  if (name === undefined) {
    if (!/^[\w.~:$-]+$/.test(pathPart))
      throw new StageError(`the path part ${pathPart} is neither a name, {parameter} nor {parameter+}`);
    parent.named.set(pathPart, node);
  } else if (plus === "+") parent.greedy = { name, node };
  else parent.parameter = { name, node };
}

/** @param taken the parameters on the way, as names and values */
function search<Served>(
  node: Node<Served>,
  segments: readonly string[],
  from: number,
  method: string,
  taken: readonly (readonly [string, string])[],
): Route<Served> | undefined {
  const { named, parameter, greedy } = node;
  const segment = segments[from];
  if (segment === undefined) return routeTo(node, method, taken);
  const next = named.get(segment);
  const byName = next === undefined ? undefined : search(next, segments, from + 1, method, taken);
  if (byName !== undefined || segment === "") return byName;
  const byParameter =
    parameter === undefined
      ? undefined
      : search(parameter.node, segments, from + 1, method, [...taken, [parameter.name, segment]]);
  if (byParameter !== undefined || greedy === undefined) return byParameter;
  return routeTo(greedy.node, method, [...taken, [greedy.name, segments.slice(from).join("/")]]);
}

function routeTo<Served>(
  { id, path, methods }: Node<Served>,
  method: string,
  taken: readonly (readonly [string, string])[],
): Route<Served> | undefined {
  const served = methods.get(method) ?? methods.get("ANY");
  if (served === undefined) return undefined;
  return { resourceId: id, path: path || "/", pathParameters: new Map(taken), served };
}
