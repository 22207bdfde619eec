/** Windows as columns of a chart. Does not prove what is drawn of them. */
import assert from "node:assert/strict";
import type { Window } from "./wire";
import { colourOf, latestOf, seriesOf, sitesOf } from "./window-series";

const window = (site: string, at: number, rate: number | null, anomalous = false): Window => ({
  site,
  start: at - 10_000,
  end: at,
  impressions: 50,
  clicks: 5,
  rate,
  score: 1,
  anomalous,
});

describe("series of windows", () => {
  it("have one time axis for all sites, with gaps where a site was not heard", () => {
    const windows = [window("a", 10_000, 1), window("b", 10_000, 2), window("a", 20_000, 3, true)];
    assert.deepEqual(seriesOf(windows, ["a", "b"], 15, "rate"), {
      times: [10, 20],
      sites: [
        { site: "a", values: [1, 3], anomalous: [false, true] },
        { site: "b", values: [2, null], anomalous: [false, false] },
      ],
    });
  });

  it("end where the time asked for ends", () => {
    const windows = [window("a", 60_000, 1), window("a", 600_000, 2)];
    assert.deepEqual(seriesOf(windows, ["a"], 5, "rate").times, [600]);
  });

  it("keep a site's colour by its name, whatever is shown", () => {
    const windows = [window("b", 1, 1), window("a", 1, 1)];
    assert.deepEqual(sitesOf(windows), ["a", "b"]);
    assert.equal(colourOf(sitesOf(windows), "b"), 1);
    assert.equal(latestOf(windows, "c"), undefined);
  });
});
