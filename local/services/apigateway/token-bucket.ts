/** How API Gateway admits requests: a bucket of `burst` tokens that refills at `rate` tokens per second. */
export class TokenBucket {
  #tokens: number;
  #filledAt: number;

  /** @param now milliseconds since the epoch */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
    now: number,
  ) {
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Takes a token if there is one. */
  admits(now: number): boolean {
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#filledAt) * this.rate) / 1000);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
