/**
 * Hooks around every test: a lost promise rejection fails the test it happened in (mocha alone lets it pass).
 */
const lost = new Set<unknown>();
const note = (reason: unknown): void => void lost.add(reason);

async function nothingIsLost(): Promise<void> {
  await new Promise(setImmediate);
  const reasons = [...lost];
  lost.clear();
  if (reasons.length > 0)
    throw new AggregateError(reasons, `a promise was rejected and nobody listened: ${reasons.map(String).join("; ")}`);
}

export const mochaHooks = {
  beforeAll(): void {
    // Between two files, mocha's worker takes all listeners off.
    process.off("unhandledRejection", note).on("unhandledRejection", note);
  },
  afterEach: nothingIsLost,
  afterAll: nothingIsLost,
};
