import { cut } from '../../core/notification/cut.js';

/** Few enough for AWS not to throttle, enough to finish in time. */
const atATime = 10;

/** Maps items in batches, and answers in their order. A failed item is mapped by `failed` and stops no other. */
export const mapInBatches = async <Item, Answer>(
  items: readonly Item[],
  act: (item: Item) => Promise<Answer>,
  failed: (item: Item, error: Error) => Answer,
): Promise<Answer[]> => {
  const answers: Answer[] = [];
  for (let start = 0; start < items.length; start += atATime) {
    const group = items.slice(start, start + atATime);
    answers.push(...(await Promise.all(group.map((item) => act(item).catch((error: Error) => failed(item, error))))));
  }
  return answers;
};

/** `2 of 7 repositories could not be reconciled: …`, with what became of each. */
export const batchError = (failures: readonly unknown[], all: readonly unknown[], what: string, found: readonly unknown[]): Error =>
  new Error(`${failures.length} of ${all.length} ${what}: ${cut(JSON.stringify(found), 4000)}`);
