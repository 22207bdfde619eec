/** Everything that the program declares, as a tree of components, each with the line that declares it. */
import { useMemo, useState } from "preact/hooks";
import type { TreeNode } from "../../model/wire";
import { SourceLine } from "../parts/source-line";
import { Empty, When } from "../parts/states";
import { useLoaded } from "../state/loaded";
import { linkTo } from "../state/route";
import { ResourcePanel } from "./resource-panel";

export function ResourcesPage({ selected }: { readonly selected: string | undefined }) {
  const [loaded, again] = useLoaded<readonly TreeNode[]>("resources");
  const [sought, setSought] = useState("");
  return (
    <>
      <h1>Resources</h1>
      <When loaded={loaded} what="resources" again={again}>
        {(roots) => (
          <div class="two-panes">
            <section class="card" aria-label="Tree of components">
              <label class="search">
                <span>Find</span>
                <input
                  type="search"
                  value={sought}
                  placeholder="name, type or file"
                  onInput={(event) => setSought(event.currentTarget.value)}
                />
              </label>
              <Tree roots={roots} sought={sought} selected={selected} />
            </section>
            {selected === undefined ? (
              <section class="card aside-card" aria-label="Resource">
                <Empty title="Choose a resource">Its inputs, its role and what it is wired to are shown here.</Empty>
              </section>
            ) : (
              <ResourcePanel urn={selected} />
            )}
          </div>
        )}
      </When>
    </>
  );
}

function Tree({
  roots,
  sought,
  selected,
}: {
  readonly roots: readonly TreeNode[];
  readonly sought: string;
  readonly selected: string | undefined;
}) {
  const found = useMemo(
    () => roots.flatMap((root) => root.children).flatMap((node) => prune(node, sought.toLowerCase())),
    [roots, sought],
  );
  const holders = useMemo(() => new Set(selected === undefined ? [] : pathTo(roots, selected)), [roots, selected]);
  if (found.length === 0) return <Empty title="Nothing is called that" />;
  return (
    <ul class="tree">
      {found.map((node) => (
        <Branch key={node.urn} node={node} isOpen={sought !== ""} holders={holders} selected={selected} />
      ))}
    </ul>
  );
}

interface BranchProps {
  readonly node: TreeNode;
  readonly isOpen: boolean;
  readonly holders: ReadonlySet<string>;
  readonly selected: string | undefined;
}

function Branch({ node, isOpen, holders, selected }: BranchProps) {
  const [opened, setOpened] = useState<boolean>();
  const open = opened ?? (isOpen || holders.has(node.urn));
  const noun = node.type.split(":").at(-1) ?? node.type;
  return (
    <li>
      <div class={`branch ${node.kind} ${node.urn === selected ? "selected" : ""}`}>
        {node.children.length > 0 ? (
          <button
            type="button"
            class="twist"
            aria-expanded={open}
            aria-label={`${open ? "Close" : "Open"} ${noun} ${node.name}`}
            onClick={() => setOpened(!open)}
          >
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <path
                d="M3 1.500 7 5 3 8.500"
                fill="none"
                stroke="currentColor"
                stroke-width="1.6"
                stroke-linecap="round"
                stroke-linejoin="round"
              />
            </svg>
          </button>
        ) : (
          <span class="twist" />
        )}
        <a href={linkTo("resources", node.urn)} aria-current={node.urn === selected ? "true" : undefined}>
          <span class="branch-name">{node.name}</span> <span class="soft">{noun}</span>
        </a>
        <SourceLine source={node.source} />
      </div>
      {open && node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <Branch key={child.urn} node={child} isOpen={isOpen} holders={holders} selected={selected} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What matches, with all that is around it. */
function prune(node: TreeNode, sought: string): TreeNode[] {
  if (sought === "" || `${node.name} ${node.type} ${node.source ?? ""}`.toLowerCase().includes(sought)) return [node];
  const children = node.children.flatMap((child) => prune(child, sought));
  return children.length === 0 ? [] : [{ ...node, children }];
}

function pathTo(nodes: readonly TreeNode[], urn: string): string[] {
  for (const node of nodes) {
    if (node.urn === urn) return [node.urn];
    const path = pathTo(node.children, urn);
    if (path.length > 0) return [node.urn, ...path];
  }
  return [];
}
