/** One role, statement by statement: the reason first, then each action on each resource. */
import type { RoleAccess, StatementAccess } from "../../model/wire";
import { SourceLine } from "../parts/source-line";
import { linkTo } from "../state/route";

export function RolePanel({ access }: { readonly access: RoleAccess }) {
  const { role, component, source, statements, denied } = access;
  return (
    <section class="card" aria-label={`Role ${role}`}>
      <header class="bar">
        <h2>
          {role} <span class="soft">{component}</span>
        </h2>
        <SourceLine source={source} />
        <span class="spacer" />
        <a class="button quiet" href={linkTo("permissions")}>
          Close
        </a>
      </header>
      {denied.length > 0 && (
        <div class="failure">
          <h3>Denied</h3>
          <ul class="plain">
            {denied.map(({ action, resource, message, count }) => (
              <li key={action + resource}>
                <strong>{action}</strong> {count > 1 ? `${count} times: ` : ""}
                {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      <ul class="statements">
        {statements.map((statement) => (
          <Statement key={statement.sid} statement={statement} />
        ))}
      </ul>
    </section>
  );
}

function Statement({ statement: { sid, reason, idle, grants } }: { readonly statement: StatementAccess }) {
  const byResource = [...new Set(grants.map(({ resource }) => resource))];
  return (
    <li>
      <p>
        <strong>{reason ?? sid}</strong> <span class="soft">{sid}</span>
        {idle !== null && <span class="pill">waits: {idle}</span>}
      </p>
      {byResource.map((resource) => (
        <div key={resource} class="grant-row">
          <div class="actions">
            {grants
              .filter((grant) => grant.resource === resource)
              .map(({ action, used }) => (
                <span key={action} class={`action ${used ? "used" : ""}`}>
                  {action} <span class="hidden">{used ? "used" : "not used so far"}</span>
                </span>
              ))}
          </div>
          <code class="resource">{resource}</code>
        </div>
      ))}
    </li>
  );
}
