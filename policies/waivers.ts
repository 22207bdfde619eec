/** The exceptions in force. Each names one finding, why it is accepted, who answers for it, and until when. */
import type { Waiver } from "./core/waiver";

export const WAIVERS: readonly Waiver[] = [];
