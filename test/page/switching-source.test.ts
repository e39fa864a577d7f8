import type { PageEvent } from '../../page/api.js';
import type { LiveSource } from '../../page/server/join-source.js';
import type { Watched } from '../../page/server/source.js';
import { SwitchingSource } from '../../page/server/switching-source.js';

const fake = (stage: string) => {
  const listeners = new Set<(event: PageEvent) => void>();
  const log: string[] = [];
  const source = {
    overview: async () => ({ stack: { stage } }),
    listen: (listener: (event: PageEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connect: (watched?: Watched) => {
      log.push(`connect ${watched?.view}`);
      return () => log.push(`end ${watched?.view}`);
    },
    service: async (id: string) => ({ id, stage }),
    close: () => log.push('close'),
  } as unknown as LiveSource;
  const emit = (event: PageEvent): void => {
    for (const listener of listeners) listener(event);
  };
  return { source, log, emit };
};

const clock = (now: string): PageEvent => ({ type: 'clock', data: { now, speed: 1 } });

test('pages go on with what takes the place of a stack, from a snapshot, and hear nothing more of the one before', async () => {
  const [before, after] = [fake('before'), fake('after')];
  const source = new SwitchingSource(before.source);
  const heard: PageEvent[] = [];
  source.listen((event) => heard.push(event));
  source.connect({ view: 'service', id: 'production/web' });
  const leave = source.connect({ view: 'release', repository: 'shop', id: 'one' });
  leave();

  source.use(after.source);
  await new Promise(setImmediate);
  before.emit(clock('before'));
  after.emit(clock('after'));

  expect(before.log).toEqual(['connect service', 'connect release', 'end release', 'close']);
  expect(after.log).toEqual(['connect service']);
  expect(heard).toEqual([{ type: 'snapshot', data: { stack: { stage: 'after' } } }, clock('after')]);
  expect(await source.service('production/web')).toMatchObject({ stage: 'after' });
});

test('a page that leaves after the change leaves the new source', () => {
  const [before, after] = [fake('before'), fake('after')];
  const source = new SwitchingSource(before.source);
  const leave = source.connect({ view: 'service', id: 'production/web' });

  source.use(after.source);
  leave();
  source.close();

  expect(after.log).toEqual(['connect service', 'end service', 'close']);
});

test('of a stack that was replaced before its first reads no snapshot comes', async () => {
  const [first, second, third] = [fake('first'), fake('second'), fake('third')];
  const source = new SwitchingSource(first.source);
  const heard: PageEvent[] = [];
  source.listen((event) => heard.push(event));

  source.use(second.source);
  source.use(third.source);
  await new Promise(setImmediate);

  expect(heard).toEqual([{ type: 'snapshot', data: { stack: { stage: 'third' } } }]);
});
