/** The e-mails and text messages that a stage sent: they end here, to be read by whoever runs it. */
export interface Mail {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly kind: "email" | "sms";
  /** An address or a number; it may be secret. */
  readonly to: string;
  /** Only e-mails have one. */
  readonly subject?: string;
  readonly text: string;
  /** ARN of the topic that it came by. */
  readonly topic: string;
}

/** The newest are kept: so many, and no more than so many characters of them. */
const MOST_MAILS = 10_000;
const MOST_CHARACTERS = 64 * 2 ** 20;

export class Mailbox {
  #mails: Mail[] = [];
  #characters = 0;
  readonly #listeners = new Set<(mail: Mail) => void>();

  /** Every mail that is kept, the oldest first. */
  get mails(): readonly Mail[] {
    return this.#mails;
  }

  /** Hears of each new mail once it is on disk; listeners must not throw. Answers how to stop. */
  onMail(listener: (mail: Mail) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes mails in, and lets go of the oldest as far as there are too many. */
  put(mails: readonly Mail[]): void {
    // A new list each time: who looks at the old one sees it unchanged.
    const all = [...this.#mails, ...mails];
    for (const mail of mails) this.#characters += mail.text.length;
    let first = 0;
    while (all.length - first > MOST_MAILS || this.#characters > MOST_CHARACTERS) {
      this.#characters -= all[first++]?.text.length ?? 0;
    }
    this.#mails = first === 0 ? all : all.slice(first);
  }

  /** Tells listeners of mails that are on disk. */
  announce(mails: readonly Mail[]): void {
    for (const mail of mails) this.#listeners.forEach((listener) => listener(mail));
  }
}
