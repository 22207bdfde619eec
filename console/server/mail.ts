/** The mailbox of a stage, whichever graph it runs: one that takes over has a mailbox of its own. */
import type { Mail } from "../../local/services/sns/mailbox";
import type { SnsService } from "../../local/services/sns/service";
import type { ConsoleStage } from "./operator";

export function mailsOf(stage: ConsoleStage): readonly Mail[] {
  return mailService(stage).mailbox;
}

/** Hears of each new mail. Answers how to stop. */
export function onMail(stage: ConsoleStage, listener: (mail: Mail) => void): () => void {
  let stop = mailService(stage).onMail(listener);
  const stopFollowing = stage.onGraph(() => {
    stop();
    stop = mailService(stage).onMail(listener);
  });
  return () => {
    stopFollowing();
    stop();
  };
}

function mailService(stage: ConsoleStage): SnsService {
  return stage.service("sns") as SnsService;
}
