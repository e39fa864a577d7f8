import fc from 'fast-check';
import { type WaitingInput, type WaitingMessage, waitingMessageOf } from '../../../core/notification/waiting-message.js';
import { image, later, releaseExecution, releaseRecord } from '../given.js';
import { untrusted } from './given-messages.js';

type Common = Omit<WaitingInput, 'kind' | 'until' | 'because' | 'reason'>;

export const to = 'my-learn-app:main-7 (a1b2c3d4a1b2)';

export const change = (changes: Partial<WaitingInput['changes'][number]> = {}): WaitingInput['changes'][number] => ({
  service: 'production/web',
  from: 'my-learn-app:main-6 (0f0f0f0f0f0f)',
  to,
  differences: [],
  more: 0,
  ...changes,
});

const common: Common = {
  execution: releaseExecution,
  now: later,
  release: releaseRecord(),
  stage: 'production',
  changes: [change()],
  findings: [],
  opening: { isOpen: true },
};

/** A request for approval, published at `later`, with a day to answer. */
export const requestInput = (changes: Partial<Common> & { readonly kind?: 'request' | 'reminder' } = {}): WaitingInput => ({
  ...common,
  kind: 'request',
  until: '2026-11-24T12:05:00.000Z',
  ...changes,
});

export const windowInput = (
  changes: { readonly because?: 'window' | 'freeze'; readonly reason?: string; readonly until?: string; readonly opensAt?: string } = {},
): WaitingInput => ({
  ...common,
  kind: 'window',
  until: '2026-11-30T08:00:00.000Z',
  because: 'window',
  ...changes,
});

/** A message of a release that waits, in which every text from outside is untrusted. */
export const anyWaitingMessage: fc.Arbitrary<WaitingMessage> = fc
  .record({
    text: fc.array(untrusted, { minLength: 7, maxLength: 7 }),
    services: fc.nat(25),
    findings: fc.nat(15),
    differences: fc.nat(20),
    kind: fc.constantFrom('request', 'reminder', 'window', 'freeze'),
  })
  .map(({ text, services, findings, differences, kind }) => {
    const [tag = '', commit = '', sourceUrl = '', by = '', reason = '', value = '', message = ''] = text;
    const its: Partial<Common> = {
      release: releaseRecord({ image: { ...image, tag, commit, sourceUrl }, trigger: { kind: 'hand', by, reason } }),
      changes: Array.from({ length: services }, () =>
        change({
          from: value,
          differences: Array.from({ length: differences }, () => ({ path: value, before: message, after: value })),
          more: 3,
        }),
      ),
      findings: Array.from({ length: findings }, () => ({ code: 'ALARM', severity: 'warn' as const, service: 'production/web', message })),
    };
    if (kind === 'request' || kind === 'reminder') return waitingMessageOf(requestInput({ ...its, kind }));
    return waitingMessageOf({ ...windowInput({ because: kind, reason }), ...its });
  });
