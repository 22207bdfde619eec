/** A state machine as a picture, from top to bottom; the way that an execution took is drawn full. */
import { useEffect, useRef } from "preact/hooks";
import type { Execution, Machine, MachineState, Transition } from "../../model/wire";

const [WIDTH, HEIGHT, ACROSS, DOWN] = [146, 38, 154, 72];

export function MachinePicture({
  machine,
  execution,
}: {
  readonly machine: Machine;
  readonly execution: Execution | undefined;
}) {
  const path = execution?.path ?? [];
  const taken = new Set(path.slice(1).map((to, index) => `${path[index]}>${to}`));
  const [width, height] = [(machine.rows - 1) * ACROSS + WIDTH + 24, (machine.columns - 1) * DOWN + HEIGHT + 24];
  const words = path.length === 0 ? "No execution yet." : `Way taken: ${path.join(", then ")}.`;
  const frame = useRef<HTMLDivElement>(null);
  const start = machine.states[0];
  useEffect(() => {
    // The picture may be wider than the page: it begins where the machine does.
    if (frame.current === null || start === undefined) return;
    frame.current.scrollLeft = pointOf(start).x - frame.current.clientWidth / 2;
  }, [machine.name, start?.row]);
  return (
    <div ref={frame} class="scroll machine" tabIndex={0} role="region" aria-label={`Picture of ${machine.name}`}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${machine.states.length} states. ${words}`}
      >
        {machine.transitions
          .filter(({ id, caught }) => !caught || taken.has(id))
          .map((transition) => (
            <Way key={transition.id} transition={transition} isTaken={taken.has(transition.id)} />
          ))}
        {machine.states.map((state) => (
          <State
            key={state.name}
            state={state}
            isEntered={path.includes(state.name)}
            isLast={path.at(-1) === state.name}
            status={execution?.status}
          />
        ))}
      </svg>
    </div>
  );
}

function pointOf({ column, row }: { readonly column: number; readonly row: number }): { x: number; y: number } {
  return { x: 12 + WIDTH / 2 + row * ACROSS, y: 12 + HEIGHT / 2 + column * DOWN };
}

function Way({
  transition: { route, label },
  isTaken,
}: {
  readonly transition: Transition;
  readonly isTaken: boolean;
}) {
  const points = route.map(pointOf);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const down = Math.sign(last.y - first.y) || 1;
  const ends = [
    { x: first.x, y: first.y + (down * HEIGHT) / 2 },
    ...points.slice(1, -1),
    { x: last.x, y: last.y - down * (HEIGHT / 2 + 4) },
  ];
  const curves = ends.slice(1).map((to, index) => {
    const from = ends[index] ?? to;
    const bend = (to.y - from.y) / 2;
    return `C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`;
  });
  const end = ends.at(-1) ?? last;
  const [a, b] = [ends[0] ?? first, ends[1] ?? last];
  return (
    <g class={`way-of ${isTaken ? "taken" : ""}`}>
      <path d={`M${a.x} ${a.y}${curves.join("")}`} fill="none" />
      <path d={`M-4 ${-5 * down} 0 0 4 ${-5 * down}`} fill="none" transform={`translate(${end.x} ${end.y})`} />
      {label !== null && (
        <text x={(a.x + b.x) / 2} y={(a.y + b.y) / 2} text-anchor="middle">
          {label.length > 26 ? `${label.slice(0, 25)}…` : label}
        </text>
      )}
    </g>
  );
}

function State({
  state: { name, type, comment, column, row },
  isEntered,
  isLast,
  status,
}: {
  readonly state: MachineState;
  readonly isEntered: boolean;
  readonly isLast: boolean;
  readonly status: string | undefined;
}) {
  const { x, y } = pointOf({ column, row });
  const end = isLast && status !== undefined ? status.toLowerCase() : "";
  return (
    <g class={`state ${isEntered ? "entered" : ""} ${end}`} transform={`translate(${x} ${y})`}>
      <title>{comment ?? type}</title>
      <rect x={-WIDTH / 2} y={-HEIGHT / 2} width={WIDTH} height={HEIGHT} rx={type === "Choice" ? HEIGHT / 2 : 9} />
      <text text-anchor="middle" y="4">
        {name.length > 24 ? `${name.slice(0, 23)}…` : name}
      </text>
    </g>
  );
}
