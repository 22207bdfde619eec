/** The real forest behind the watch. That it scores as recorded is proven in forest/. */
import assert from "node:assert/strict";
import { createRateForest, type ScoredRate } from "./rate-forest";

const PARAMETERS = { trees: 100, samples: 12, timeDecay: 100_000 };

/** Rates around ten that the same seed always gives. */
function usualRates(count: number): number[] {
  let state = 7;
  return Array.from({ length: count }, () => 8 + ((state = (state * 16_807) % 2_147_483_647) % 400) / 100);
}

function learn(
  rates: readonly number[],
  site = "a",
  parameters = PARAMETERS,
): { scored: ScoredRate[]; snapshot: Uint8Array } {
  const forest = createRateForest(parameters);
  let snapshot: Uint8Array | undefined;
  const scored = rates.map((rate, index) => {
    const each = forest.score(site, snapshot, rates.slice(Math.max(0, index - 30), index), rate);
    snapshot = each.snapshot;
    return each;
  });
  return { scored, snapshot: snapshot ?? new Uint8Array() };
}

describe("A site's forest", () => {
  it("scores nothing until it has its samples, and is trusted when it has learnt twice as many", () => {
    const { scored } = learn(usualRates(30));
    assert.deepEqual(
      scored.slice(0, 12).map(({ score }) => score),
      Array(12).fill(0),
    );
    assert.ok(scored.slice(12).every(({ score }) => score > 0));
    assert.deepEqual(
      scored.map(({ settled }) => settled),
      Array.from({ length: 30 }, (_, index) => index >= 24),
    );
  });

  it("says whether a rate is unusual for being high or low, against the usual one", () => {
    const rates = usualRates(40);
    const [high] = learn([...rates, 50]).scored.slice(-1);
    const [low] = learn([...rates, 0]).scored.slice(-1);
    assert.ok(high !== undefined && high.score > 2 && high.direction === "high");
    assert.ok(low !== undefined && low.score > 2 && low.direction === "low");
    assert.ok(Math.abs((high.usualRate ?? 0) - 10) < 1);
  });

  it("is another for every site, and the same for one site in every process", () => {
    const rates = usualRates(20);
    const scores = (site: string): number[] => learn(rates, site).scored.map(({ score }) => score);
    assert.deepEqual(scores("a"), scores("a"));
    assert.notDeepEqual(scores("a"), scores("b"));
  });

  it("begins anew with the recent rates when the stage gives it other parameters", () => {
    const rates = usualRates(30);
    const { snapshot } = learn(rates);
    const changed = createRateForest({ ...PARAMETERS, samples: 20 });
    const { score } = changed.score("a", snapshot, rates, 50);
    assert.ok(score > 2, `scored ${score}`);
  });

  it("fits into an item of the store", () => {
    assert.ok(learn(usualRates(500)).snapshot.length <= 27 * 1024);
  });

  it("is refused with parameters that no forest has", () => {
    assert.throws(() => createRateForest({ trees: 0, samples: 5, timeDecay: 1 }), /trees.*samples/s);
  });
});
