import type { QueueEntry, ServiceState } from '../../../core/records/records.js';
import { wakeQueue } from '../../../functions/shared/wake-queue.js';
import { later, lease, queueEntry, startedAt } from '../../core/given.js';
import { givenTokens } from '../given-waiting.js';

const place = (token: string | undefined, since: string): QueueEntry => queueEntry({ since, ...(token !== undefined && { token }) });
const queued = {
  'my-proxy': place('second', startedAt),
  'my-learn-app': place('third', later),
  OPERATOR: place('first', later),
};

/** Which tokens are answered, if those in `closed` are closed. */
const woken = async (state: ServiceState, ...closed: string[]) => {
  const { tokens, taken } = givenTokens(...closed);
  const asked = jest.spyOn(tokens, 'wake');
  await wakeQueue(tokens, state);
  return { taken, asked: asked.mock.calls.map(([token]) => token) };
};

test.each<[string, string[], string[]]>([
  ['the operators’ place', [], ['first']],
  ['the place that has been taken for longer, if nothing waits in the operators’', ['first'], ['first', 'second']],
  ['the last one, if nothing waits in the others', ['first', 'second'], ['first', 'second', 'third']],
])('one deployment is woken, whose turn it is: %s', async (_, closed, asked) => {
  expect(await woken({ queued }, ...closed)).toEqual({ asked, taken: [[asked.at(-1), 'Woken']] });
});

test('without a token that is open the queue is left to the safety nets', async () => {
  expect(await woken({ queued }, 'first', 'second', 'third')).toEqual({ asked: ['first', 'second', 'third'], taken: [] });
  expect(await woken({})).toEqual({ asked: [], taken: [] });
});

test('a place that a version without tokens took is passed over', async () => {
  expect(await woken({ queued: { ...queued, OPERATOR: place(undefined, later) } })).toMatchObject({ taken: [['second', 'Woken']] });
});

test('while the lease is held, no deployment is woken', async () => {
  expect(await woken({ lease: lease(), queued })).toEqual({ asked: [], taken: [] });
});
