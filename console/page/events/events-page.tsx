/** The last records at each station, and those that were rejected: why, and a way back. */
import type { Journey } from "../../model/journey";
import type { StationSamples } from "../../model/wire";
import { StationMark } from "../parts/station-mark";
import { Empty, When } from "../parts/states";
import { bytes, moment } from "../state/figures";
import { useLoaded } from "../state/loaded";
import { linkTo } from "../state/route";
import { Rejections } from "./rejections";

/** Kinds of station at which something lies that can be looked at. */
const KEEPING: readonly string[] = ["stream", "bucket", "table", "function", "delivery"];
const EVERY_MS = 3_000;

export function EventsPage({ station }: { readonly station: string | undefined }) {
  const [loaded, again] = useLoaded<Journey>("journey");
  return (
    <>
      <h1>Events</h1>
      <When loaded={loaded} what="stations" again={again}>
        {({ stations }) => {
          const keeping = stations
            .filter(({ kind }) => KEEPING.includes(kind))
            .sort((a, b) => a.column - b.column || a.row - b.row);
          const chosen = keeping.find(({ id }) => id === station) ?? keeping[0];
          return (
            <>
              <nav class="station-picker" aria-label="Stations">
                {keeping.map(({ id, name, noun, kind, module }) => (
                  <a
                    key={id}
                    href={linkTo("events", id)}
                    class={`chip module-${module}`}
                    aria-current={id === chosen?.id ? "true" : undefined}
                  >
                    <svg viewBox="-11 -11 22 22" width="20" height="20" aria-hidden="true">
                      <StationMark kind={kind} />
                    </svg>
                    <span>
                      {name} <span class="soft">{noun}</span>
                    </span>
                  </a>
                ))}
              </nav>
              {chosen === undefined ? (
                <Empty title="Nothing in this program keeps records" />
              ) : (
                <Samples station={chosen.id} name={chosen.name} />
              )}
            </>
          );
        }}
      </When>
      <Rejections />
    </>
  );
}

function Samples({ station, name }: { readonly station: string; readonly name: string }) {
  const [loaded, again] = useLoaded<StationSamples>("samples", { station }, EVERY_MS);
  return (
    <section class="card" aria-label={`Last records of ${name}`}>
      <When loaded={loaded} what={`records of ${name}`} again={again}>
        {({ what, samples }) => (
          <>
            <h2>
              {name} <span class="soft">{what === null ? "" : `the last ${what}, newest first`}</span>
            </h2>
            {samples.length === 0 ? (
              <Empty title="Nothing lies here yet" />
            ) : (
              <ol class="samples" tabIndex={0} aria-label={`Last ${what ?? "records"} of ${name}`}>
                {samples.map(({ id, at, place, bytes: size, text }) => (
                  <li key={id}>
                    <p class="sample-head">
                      {at !== null && <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>}
                      <span class="soft">{place}</span>
                      <span class="spacer" />
                      <span class="soft">{bytes(size)}</span>
                    </p>
                    {text !== "" && <pre class="json">{text}</pre>}
                  </li>
                ))}
              </ol>
            )}
          </>
        )}
      </When>
    </section>
  );
}
