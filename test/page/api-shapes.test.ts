import type { PageEvent } from '../../page/api.js';
import { documentOf } from '../../page/server/html.js';
import { firstDay, ids, untrusted, variants } from '../support/page/canned.js';
import { cannedEmulator, cannedSource } from '../support/page/canned-server.js';
import { wrongIn, wrongInEvent } from '../support/page/shapes.js';

describe.each(Object.keys(variants))('answers of the variant %s', (variant) => {
  const source = cannedSource(variant);

  it('have the shapes of page/api.ts', async () => {
    const overview = await source.overview();
    const [first] = overview.services;
    const answers = {
      overview: [overview],
      service: await Promise.all(overview.services.slice(0, 9).map(({ id }) => source.service(id))),
      release: [await source.release('my-learn-app', ids.release)],
      deployment: await Promise.all([ids.search, ids.checkout, ids.orders].map((id) => source.deployment('', id))),
      history: [await source.history({}), await source.history({ q: 'no such' })],
      insights: [await source.insights({ months: 12, stage: 'last' })],
      images: [await source.images('billing')],
      preview: [await source.preview({ command: 'rollback', service: first?.id ?? '' })],
      accepted: [await source.run({ command: 'hold', service: first?.id ?? '' }, 'key')],
      emulator: [cannedEmulator([]).state()],
    };
    for (const [name, all] of Object.entries(answers))
      for (const answer of all) expect(wrongIn(name as keyof typeof answers, JSON.parse(JSON.stringify(answer)))).toEqual([]);
  });

  it('have these shapes as events', async () => {
    const { services, releases, attention, problems, clock, ...rest } = await source.overview();
    const events: PageEvent[] = [
      { type: 'snapshot', data: { services, releases, attention, problems, clock, ...rest } },
      ...services.map((data): PageEvent => ({ type: 'service', data })),
      { type: 'releases', data: releases },
      { type: 'attention', data: attention },
      { type: 'problems', data: problems },
      { type: 'clock', data: clock },
      { type: 'emulator', data: cannedEmulator([]).state() },
    ];
    expect(events.flatMap(wrongInEvent)).toEqual([]);
  });
});

it.each([
  ['a member that is not of the contract', { ...firstDay, token: 'x' }, 'token'],
  ['a time that is none', { ...firstDay, at: 'yesterday' }, 'at'],
  ['a count that is none', { ...firstDay, services: [{ ...firstDay.services[0], running: -1 }] }, 'services.0.running'],
  ['a kind that is none', { ...firstDay, services: [{ ...firstDay.services[0], state: { kind: 'gone' } }] }, 'services.0.state.kind'],
])('finds %s', (_name, answer, path) => {
  expect(wrongIn('overview', answer)).toEqual([expect.stringMatching(`^${path}: `)]);
});

it('embeds texts that would end the element in no form that does', () => {
  const document = documentOf({ first: { ...firstDay, me: { name: untrusted, arn: untrusted } }, isEmulator: false });
  expect(document).not.toContain('<img');
  expect(document.match(/<script/g)).toHaveLength(2);
});
