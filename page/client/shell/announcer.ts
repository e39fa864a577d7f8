/** Milliseconds from one message to the next. */
const spacing = 5000;

type Announcing = {
  readonly say: (message: string) => void;
  readonly now: () => number;
  readonly later: (run: () => void, milliseconds: number) => void;
};

/** Says at most one message in five seconds. What comes meanwhile is summed up: the newest message, and how many more. */
export const createAnnouncer = ({ say, now, later }: Announcing): ((message: string) => void) => {
  let saidAt = Number.NEGATIVE_INFINITY;
  let waiting: string[] = [];
  const flush = () => {
    const newest = waiting.at(-1);
    if (newest === undefined) return;
    say(waiting.length > 1 ? `${newest} And ${waiting.length - 1} more.` : newest);
    waiting = [];
    saidAt = now();
  };
  return (message) => {
    waiting.push(message);
    const rest = saidAt + spacing - now();
    if (rest <= 0) flush();
    else if (waiting.length === 1) later(flush, rest);
  };
};
