/** Roles against the services that they reach: a dot for each grant, full where it was used. */
import type { Grant, RoleAccess } from "../../model/wire";
import { Empty } from "../parts/states";
import { linkTo } from "../state/route";

export function AccessMatrix({
  roles,
  selected,
}: {
  readonly roles: readonly RoleAccess[];
  readonly selected: string | undefined;
}) {
  if (roles.length === 0) return <Empty title="Every unused grant gives its reason" />;
  const services = [...new Set(roles.flatMap((role) => grantsOf(role).map(serviceOf)))].sort();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Matrix of roles and services">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">Role</th>
            {services.map((service) => (
              <th scope="col" key={service}>
                {service}
              </th>
            ))}
            <th scope="col" class="number">
              Used
            </th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.urn} class={role.role === selected ? "selected" : ""}>
              <th scope="row">
                <a
                  href={role.role === selected ? linkTo("permissions") : linkTo("permissions", role.role)}
                  aria-current={role.role === selected ? "true" : undefined}
                >
                  {role.role}
                </a>
                <span class="soft">{role.component}</span>
                {role.denied.length > 0 && <span class="pill bad">denied</span>}
              </th>
              {services.map((service) => (
                <Cell key={service} grants={grantsOf(role).filter((grant) => serviceOf(grant) === service)} />
              ))}
              <td class="number">
                {role.used} <span class="soft">of {role.granted}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ grants }: { readonly grants: readonly Grant[] }) {
  const used = grants.filter((grant) => grant.used).length;
  if (grants.length === 0) return <td />;
  return (
    <td>
      <span class="hidden">
        {used} of {grants.length} used
      </span>
      <span class="dots" aria-hidden="true">
        {grants.map((grant) => (
          <span
            key={grant.action + grant.resource}
            class={`dot ${grant.used ? "used" : ""}`}
            title={`${grant.action} on ${grant.resource}`}
          />
        ))}
      </span>
    </td>
  );
}

function grantsOf({ statements }: RoleAccess): Grant[] {
  return statements.flatMap(({ grants }) => grants);
}

function serviceOf({ action }: Grant): string {
  return action.split(":")[0] ?? action;
}
