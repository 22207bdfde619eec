/** Holds requests back while what answers them is exchanged: nobody is refused, everybody waits for a moment. */

/** What is let through: everything; only what work under way asks for; nothing. */
type Width = "open" | "narrow" | "shut";

export class Gate {
  #width: Width = "open";
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #drained: (() => void)[] = [];

  /** @param isWorkUnderWay whether somebody who is being waited for asks */
  async pass<T>(isWorkUnderWay: boolean, answer: () => Promise<T>): Promise<T> {
    while (this.#width === "shut" || (this.#width === "narrow" && !isWorkUnderWay)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#underWay += 1;
    try {
      return await answer();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#drained.splice(0).forEach((wake) => wake());
    }
  }

  /**
   * Lets only work under way through from now on.
   * @param patience milliseconds of the machine's time to wait for the requests that are being answered; a long poll
   * outlasts it, and is answered when its service closes
   */
  async narrow(patience: number): Promise<void> {
    this.#width = "narrow";
    if (this.#underWay === 0) return;
    let timeout: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => this.#drained.push(resolve)),
      new Promise<void>((resolve) => (timeout = setTimeout(resolve, patience))),
    ]);
    clearTimeout(timeout);
  }

  shut(): void {
    this.#width = "shut";
  }

  open(): void {
    this.#width = "open";
    this.#waiting.splice(0).forEach((wake) => wake());
  }
}
