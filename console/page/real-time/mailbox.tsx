/** The e-mails and texts that the stage sent: they end here, on this machine. */
import { useState } from "preact/hooks";
import type { Letter } from "../../model/wire";
import { Empty } from "../parts/states";
import { moment } from "../state/figures";
import { linkTo } from "../state/route";

const PAGE = 12;

export function Mailbox({
  letters,
  opened,
}: {
  readonly letters: readonly Letter[];
  readonly opened: string | undefined;
}) {
  const [shown, setShown] = useState(PAGE);
  const [topic, setTopic] = useState<string>();
  const topics = [...new Set(letters.map((letter) => letter.topic))].sort();
  const own = topic === undefined ? letters : letters.filter((letter) => letter.topic === topic);
  return (
    <section class="card" aria-label="Mailbox">
      <h2>
        Mailbox <span class="soft">{letters.length}</span>
      </h2>
      <p class="soft small">E-mails and texts end here: nothing leaves this machine.</p>
      {topics.length > 1 && (
        <div class="segments" role="group" aria-label="Mails of">
          {[undefined, ...topics].map((each) => (
            <button key={each ?? ""} type="button" aria-pressed={topic === each} onClick={() => setTopic(each)}>
              {each ?? "all"}
            </button>
          ))}
        </div>
      )}
      {letters.length === 0 ? (
        <Empty title="Nobody has been told anything yet" />
      ) : (
        <ul class="letters">
          {own.slice(0, shown).map((letter) => (
            <LetterItem key={letter.id} letter={letter} isOpen={letter.id === opened} />
          ))}
        </ul>
      )}
      {own.length > shown && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Older ones
        </button>
      )}
    </section>
  );
}

function LetterItem({ letter, isOpen }: { readonly letter: Letter; readonly isOpen: boolean }) {
  const { id, at, kind, to, subject, text, topic } = letter;
  const body = `letter-${id}`;
  return (
    <li class={`letter ${isOpen ? "open" : ""}`}>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={body}
        onClick={() => (location.hash = isOpen ? linkTo("real-time") : linkTo("real-time", id))}
      >
        <svg viewBox="0 0 24 20" width="20" height="17" aria-hidden="true">
          {kind === "email" ? (
            <path
              d="M2 3h20v14H2ZM2 4l10 7.500L22 4"
              fill="none"
              stroke="currentColor"
              stroke-width="1.7"
              stroke-linejoin="round"
            />
          ) : (
            <path
              d="M3 2h18v12H11l-5 4v-4H3Z"
              fill="none"
              stroke="currentColor"
              stroke-width="1.7"
              stroke-linejoin="round"
            />
          )}
        </svg>
        <span class="letter-subject">{subject ?? text.split("\n")[0]}</span>
        <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>
      </button>
      <div id={body} class="letter-body" hidden={!isOpen}>
        <p class="soft small">
          {kind === "email" ? "E-mail" : "Text"} to {to}, by the topic {topic}
        </p>
        <p class="letter-text">{laidOut(text)}</p>
      </div>
    </li>
  );
}

/** What a machine wrote for machines is indented; what was written for people is theirs. */
function laidOut(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
