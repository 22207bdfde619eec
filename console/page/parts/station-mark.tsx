/** The mark of each kind of station, drawn around its middle in a square of 24. */
import type { StationKind } from "../../model/station-kind";

const MARKS: Readonly<Record<StationKind, string>> = {
  outside:
    "M-5.500 6.500c.6-3.400 2.700-5 5.500-5s4.900 1.600 5.500 5M0-1.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400Z",
  door: "M-7-5.500H1.500M-7 0h9.500M-7 5.500H1.500M2.500-8v16M2.500-8h4v16h-4M-1-3l3.200 3L-1 3",
  stream:
    "M-8-4.500c2.700-2.700 5.300-2.700 8 0s5.300 2.700 8 0M-8 .5c2.700-2.700 5.300-2.700 8 0s5.300 2.700 8 0M-8 5.500c2.700-2.700 5.300-2.700 8 0s5.300 2.700 8 0",
  function: "M-6.500-7.500h2.200l7.300 15h3.500M-1.200-.4-5.800 7.500",
  container: "M-7-4 0-8l7 4v8L0 8l-7-4v-8ZM-7-4l7 4 7-4M0 0v8",
  machine: "M0-8v3M0-5h-5v4M0-5h5v4M-7.500-1h5v4h-5ZM2.500-1h5v4h-5ZM-5 3v4h10V3",
  job: "M-7.500 6.500h15M-5.500 6V0h3v6M-.500 6v-10h3V6M4.500 6v-7.500h2.500V6",
  warehouse: "M-7.500 7V-2.500L0-7l7.500 4.500V7M-4 7V1h8v6M-4 4h8",
  delivery:
    "M-8-4h9v8h-9ZM1-1h3.500L8 1.500V4H1M-4.500 6.200a1.700 1.700 0 1 0 .010 0M4 6.200a1.700 1.700 0 1 0 .010 0",
  queue: "M-8-5h3.500V5H-8ZM-2-5h3.500V5H-2ZM4-5h3.500V5H4Z",
  topic: "M-7-2.500v5h3L3 6.500v-13L-4-2.500ZM5.500-3c1.700 1.700 1.700 4.300 0 6",
  table: "M-7.500-6h15V6.500h-15ZM-7.500-2h15M-7.500 2.200h15M-2.500-2v8.500",
  bucket:
    "M-7-5.500c0-1.400 3.100-2.200 7-2.200s7 .8 7 2.200-3.100 2.200-7 2.200-7-.8-7-2.200ZM-7-5.500-5 6c.2 1.100 2.400 1.800 5 1.800S4.800 7.100 5 6L7-5.500",
  alarms: "M-5.500 4c1.300-1.400 1.500-3 1.500-5a4 4 0 0 1 8 0c0 2 .2 3.600 1.500 5ZM-1.500 6.500c.7 1 2.300 1 3 0",
  identity: "M-3 1.500a4 4 0 1 1 2.800-1.200L7 7.500M3.800 4.300 6 2.500",
};

export function StationMark({ kind }: { readonly kind: StationKind }) {
  return (
    <path class="mark" d={MARKS[kind]} fill="none" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
  );
}
