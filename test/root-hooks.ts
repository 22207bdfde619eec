/**
 * Hooks around every test: a lost promise rejection fails the test it happened in (mocha alone lets it pass).
 */
const lost: unknown[] = [];
process.on("unhandledRejection", (reason) => lost.push(reason));

export const mochaHooks = {
  async afterEach(): Promise<void> {
    await new Promise(setImmediate);
    const reasons = lost.splice(0);
    if (reasons.length > 0)
      throw new AggregateError(
        reasons,
        `a promise was rejected and nobody listened: ${reasons.map(String).join("; ")}`,
      );
  },
};
