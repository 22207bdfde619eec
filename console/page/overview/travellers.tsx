/** Dots that travel along the arrows: each stands for something that really moved, up to a few per second and arrow. */
import { useEffect, useRef } from "preact/hooks";
import type { DrawnArrow, Point } from "./map-geometry";
import type { Traffic } from "./traffic";
import type { Live } from "../state/live";

interface Traveller {
  readonly steps: readonly Point[];
  readonly back: boolean;
  readonly start: number;
  readonly lasts: number;
  readonly dot: SVGCircleElement;
}

const MOST_PER_BEAT = 5;
const MOST_DOTS = 160;
/** Pixels per second. */
const SPEED = 110;

export function Travellers({
  live,
  traffic,
  arrows,
}: {
  readonly live: Live;
  readonly traffic: Traffic;
  readonly arrows: readonly DrawnArrow[];
}) {
  const group = useRef<SVGGElement>(null);
  useEffect(() => {
    const layer = group.current;
    if (layer === null || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    let travellers: Traveller[] = [];
    let frame = 0;
    const move = (now: number): void => {
      travellers = travellers.filter((each) => place(each, now));
      frame = travellers.length === 0 ? 0 : requestAnimationFrame(move);
    };
    const set = (): void => {
      if (document.hidden) return;
      const now = performance.now();
      for (const { arrow, steps, module } of arrows) {
        traffic.of(arrow.id).fresh.forEach((number, way) => {
          const dots = Math.min(MOST_PER_BEAT, number, MOST_DOTS - travellers.length);
          for (let index = 0; index < dots; index++) {
            const dot = layer.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "circle"));
            dot.setAttribute("r", "3");
            dot.setAttribute("class", `traveller module-${module}`);
            const start = now + (index / dots) * 1000 + Math.random() * 120;
            travellers.push({ steps, back: way === 1, start, lasts: (lengthOf(steps) / SPEED) * 1000, dot });
          }
        });
      }
      if (frame === 0 && travellers.length > 0) frame = requestAnimationFrame(move);
    };
    const stop = live.snapshot.listen(set);
    return () => {
      stop();
      cancelAnimationFrame(frame);
      layer.replaceChildren();
    };
  }, [live, traffic, arrows]);
  return <g ref={group} aria-hidden="true" />;
}

/** Answers whether it is still on its way. */
function place({ steps, back, start, lasts, dot }: Traveller, now: number): boolean {
  const way = (now - start) / lasts;
  if (way >= 1) {
    dot.remove();
    return false;
  }
  const exact = (back ? 1 - Math.max(0, way) : Math.max(0, way)) * (steps.length - 1);
  const step = Math.min(steps.length - 2, Math.floor(exact));
  const [from, to] = [steps[step] as Point, steps[step + 1] as Point];
  const part = exact - step;
  dot.setAttribute("transform", `translate(${from.x + (to.x - from.x) * part} ${from.y + (to.y - from.y) * part})`);
  dot.style.opacity = way < 0 ? "0" : String(Math.min(1, way * 8, (1 - way) * 8));
  return true;
}

function lengthOf(steps: readonly Point[]): number {
  return steps.slice(1).reduce((sum, { x, y }, index) => {
    const before = steps[index] as Point;
    return sum + Math.hypot(x - before.x, y - before.y);
  }, 0);
}
