/** Who may do what to what, whether the running stage ever did it, and why the permission is there. */
import { useState } from "preact/hooks";
import type { RoleAccess } from "../../model/wire";
import { Empty, When } from "../parts/states";
import { plural } from "../state/figures";
import { useLoaded } from "../state/loaded";
import { AccessMatrix } from "./access-matrix";
import { RolePanel } from "./role-panel";

const EVERY_MS = 5_000;

export function PermissionsPage({ selected }: { readonly selected: string | undefined }) {
  const [loaded, again] = useLoaded<readonly RoleAccess[]>("permissions", {}, EVERY_MS);
  return (
    <>
      <h1>Permissions</h1>
      <When loaded={loaded} what="permissions" again={again}>
        {(roles) =>
          roles.length === 0 ? (
            <Empty title="This program declares no role" />
          ) : (
            <Access roles={roles} selected={selected} />
          )
        }
      </When>
    </>
  );
}

function Access({ roles, selected }: { readonly roles: readonly RoleAccess[]; readonly selected: string | undefined }) {
  const [onlyOpen, setOnlyOpen] = useState(false);
  const sum = (of: (role: RoleAccess) => number): number => roles.reduce((total, role) => total + of(role), 0);
  const denied = sum((role) => role.denied.reduce((total, { count }) => total + count, 0));
  const chosen = roles.find(({ role }) => role === selected);
  return (
    <>
      <p class="lead">
        {plural(roles.length, "role")} hold{" "}
        {plural(
          sum(({ granted }) => granted),
          "grant",
        )}
        . Since this stage was started {sum(({ used }) => used)} were used, and{" "}
        {denied === 0 ? "no call was denied" : `${plural(denied, "call")} were denied`}. What a run has not used is not
        useless: some grants wait for their occasion, and say for which.
      </p>
      <section class="card" aria-label="Roles and what they reach">
        <header class="bar">
          <p class="key">
            <span class="dot used" aria-hidden="true" /> used <span class="dot" aria-hidden="true" /> granted, not used
            so far
          </p>
          <span class="spacer" />
          <label class="check">
            <input type="checkbox" checked={onlyOpen} onChange={(event) => setOnlyOpen(event.currentTarget.checked)} />{" "}
            only roles with unused grants that give no reason
          </label>
        </header>
        <AccessMatrix
          roles={onlyOpen ? roles.filter(({ unexplained }) => unexplained > 0) : roles}
          selected={chosen?.role}
        />
      </section>
      {chosen !== undefined && <RolePanel access={chosen} />}
    </>
  );
}
