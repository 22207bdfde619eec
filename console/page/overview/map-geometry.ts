/** From columns and rows to points on the page: lying on a wide screen, standing on a narrow one. */
import type { Journey, PlacedStation, RoutedArrow } from "../../model/journey";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface DrawnArrow {
  readonly arrow: RoutedArrow;
  /** Module of the station that it comes from: its colour. */
  readonly module: string;
  readonly path: string;
  /** Points at even steps along it. */
  readonly steps: readonly Point[];
  readonly middle: Point;
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly standing: boolean;
  /** Half the side of a station's sign. */
  readonly half: number;
  readonly at: (station: PlacedStation) => Point;
  readonly arrows: readonly DrawnArrow[];
}

const STEPS = 48;
/** Room below a sign for its name, and for what it is where there is room for it. */
const CAPTION = { standing: 20, lying: 36 };

export function drawMap({ stations, arrows, columns, rows }: Journey, width: number): Geometry {
  const standing = width < 760;
  const half = standing ? 17 : 22;
  const pitch = standing
    ? { along: 92, across: Math.min(96, (width - 64) / Math.max(1, rows - 1)) }
    : { along: Math.min(190, (width - 104) / Math.max(1, columns - 1)), across: 102 };
  const spare = standing ? (width - (rows - 1) * pitch.across) / 2 : (width - (columns - 1) * pitch.along) / 2;
  const point = ({ column, row }: { readonly column: number; readonly row: number }): Point =>
    standing
      ? { x: spare + row * pitch.across, y: 30 + column * pitch.along }
      : { x: spare + column * pitch.along, y: 36 + row * pitch.across };
  const modules = new Map(stations.map(({ id, module }) => [id, module]));
  const drawn = arrows
    .filter(({ route }) => route.length > 1)
    .map((arrow) => ({
      ...drawArrow(arrow, arrow.route.map(point), half, standing),
      module: modules.get(arrow.from) ?? "outside",
    }));
  const height = standing
    ? 30 + (columns - 1) * pitch.along + half + CAPTION.standing + 8
    : 36 + (rows - 1) * pitch.across + half + CAPTION.lying + 8;
  return { width, height, standing, half, at: (station) => point(station), arrows: drawn };
}

/** A smooth line through the points that leaves and arrives along the direction of the journey. */
function drawArrow(
  arrow: RoutedArrow,
  points: readonly Point[],
  half: number,
  standing: boolean,
): Omit<DrawnArrow, "module"> {
  const gap = half + 5;
  const first = points[0] as Point;
  const last = points.at(-1) as Point;
  const forward = standing ? Math.sign(last.y - first.y) || 1 : Math.sign(last.x - first.x) || 1;
  // A standing map has the captions in the way of what leaves.
  const leave = standing && forward > 0 ? gap + CAPTION.standing - 4 : gap;
  const shift = (point: Point, by: number): Point =>
    standing ? { x: point.x, y: point.y + by } : { x: point.x + by, y: point.y };
  const ends = [shift(first, forward * leave), ...points.slice(1, -1), shift(last, -forward * (gap + 3))];
  const curves = ends.slice(1).map((to, index) => curve(ends[index] as Point, to, standing));
  const start = ends[0] as Point;
  const path = `M${at(start)}${curves.map(({ c1, c2, to }) => `C${at(c1)} ${at(c2)} ${at(to)}`).join("")}`;
  const steps = curves.flatMap((each, index) =>
    Array.from({ length: STEPS }, (_, step) => along(ends[index] as Point, each, step / STEPS)),
  );
  return {
    arrow,
    path,
    steps: [...steps, ends.at(-1) as Point],
    middle: steps[Math.floor(steps.length * 0.5)] as Point,
  };
}

interface Curve {
  readonly c1: Point;
  readonly c2: Point;
  readonly to: Point;
}

function curve(from: Point, to: Point, standing: boolean): Curve {
  const reach = standing ? (to.y - from.y) * 0.5 : (to.x - from.x) * 0.5;
  const bend = (point: Point, by: number): Point =>
    standing ? { x: point.x, y: point.y + by } : { x: point.x + by, y: point.y };
  return { c1: bend(from, reach), c2: bend(to, -reach), to };
}

function along(from: Point, { c1, c2, to }: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (a: number, b: number, c: number, d: number): number =>
    u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t ** 3 * d;
  return { x: mix(from.x, c1.x, c2.x, to.x), y: mix(from.y, c1.y, c2.y, to.y) };
}

function at({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
