/** One resource in full. */
import type { ComponentChildren } from "preact";
import type { ResourceDetail } from "../../model/wire";
import { SourceLine } from "../parts/source-line";
import { When } from "../parts/states";
import { useLoaded } from "../state/loaded";
import { linkTo } from "../state/route";

export function ResourcePanel({ urn }: { readonly urn: string }) {
  const [loaded, again] = useLoaded<ResourceDetail>("resource", { urn });
  return (
    <section class="card aside-card" aria-label="Resource">
      <When loaded={loaded} what="the resource" again={again}>
        {(resource) => <Detail resource={resource} />}
      </When>
    </section>
  );
}

function Detail({ resource }: { readonly resource: ResourceDetail }) {
  const { name, type, source, id, arn, protect, retainOnDelete, inputs, roles, wiring } = resource;
  const isEmpty = typeof inputs === "object" && inputs !== null && Object.keys(inputs).length === 0;
  return (
    <>
      <h2>{name}</h2>
      <p class="soft">
        <code>{type}</code>
      </p>
      <dl class="facts">
        <Fact name="Declared in">
          <SourceLine source={source} />
        </Fact>
        {id !== "" && (
          <Fact name="Id">
            <code>{id}</code>
          </Fact>
        )}
        {arn !== null && (
          <Fact name="ARN">
            <code>{arn}</code>
          </Fact>
        )}
        {(protect || retainOnDelete) && (
          <Fact name="Kept">
            {[protect && "protected from deletion", retainOnDelete && "stays when it is no longer declared"]
              .filter(Boolean)
              .join(", ")}
          </Fact>
        )}
        {roles.length > 0 && (
          <Fact name="Acts as">
            {roles.map((role) => (
              <a key={role.urn} href={linkTo("permissions", role.name)}>
                {role.name}{" "}
              </a>
            ))}
          </Fact>
        )}
        {wiring.length > 0 && (
          <Fact name="Wired to">
            <ul class="plain">
              {wiring.map((wire) => (
                <li key={wire.input + wire.urn}>
                  <code>{wire.input}</code> <span class="soft">from</span>{" "}
                  <a href={linkTo("resources", wire.urn)}>{wire.name}</a>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      <h3>Inputs</h3>
      {isEmpty ? (
        <p class="soft">It takes none.</p>
      ) : (
        <pre class="json" tabIndex={0} role="region" aria-label="Inputs">
          {JSON.stringify(inputs, null, 2)}
        </pre>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
