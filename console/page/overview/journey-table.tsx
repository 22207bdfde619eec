/** The journey as a table: the same facts as the map, for those who read rather than look. */
import type { Journey } from "../../model/journey";
import { useCell } from "../state/cell";
import { count, rate } from "../state/figures";
import type { Live } from "../state/live";
import type { Traffic } from "./traffic";

export function JourneyTable({
  journey,
  live,
  traffic,
}: {
  readonly journey: Journey;
  readonly live: Live;
  readonly traffic: Traffic;
}) {
  useCell(live.snapshot);
  const names = new Map(journey.stations.map(({ id, name }) => [id, name]));
  const rows = journey.arrows
    .map((arrow) => ({ arrow, flow: traffic.of(arrow.id) }))
    .sort((a, b) => b.flow.total - a.flow.total);
  return (
    <details class="card fold">
      <summary>The same as a table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Arrows of the journey">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" class="number">
                Now
              </th>
              <th scope="col" class="number">
                Since the start
              </th>
              <th scope="col">Why it is wired so</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ arrow, flow }) => (
              <tr key={arrow.id}>
                <td>{names.get(arrow.from)}</td>
                <td>{names.get(arrow.to)}</td>
                <td class="number">{rate(flow.perSecond)}</td>
                <td class="number">
                  {count(flow.total)} {arrow.unit}s
                </td>
                <td class="soft">{arrow.idle ?? arrow.reasons.join("; ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
