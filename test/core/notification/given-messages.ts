import fc from 'fast-check';
import { type Message, messageOf } from '../../../core/notification/message.js';
import type { BeforeTaskRun, DeploymentRecord, ReleaseRecord } from '../../../core/records/records.js';
import { outcomes } from '../../../core/result/result.js';
import { deploymentRecord, execution, image, later, releaseExecution, releaseRecord, startedAt } from '../given.js';

export const succeeded = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
export const rolledBack = { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: '3 tasks failed; the service is back on web:7' } as const;

/** A migration that exited with 3. */
export const failedTask = {
  since: startedAt,
  timeoutSeconds: 600,
  attempt: 1,
  requestedAt: startedAt,
  container: 'app',
  command: ['npm', 'run', 'migrate'],
  task: 'arn:aws:ecs:eu-west-1:123456789012:task/production/0a1b2c3d',
  ended: {
    outcome: 'FAILED',
    at: '2026-11-23T12:00:42.000Z',
    reason: 'CRASHED',
    exitCode: 3,
    speaksOfImage: true,
    message: 'exit 3',
    log: ['relation "users" does not exist'],
  },
} as const satisfies BeforeTaskRun;

export const messageOfOne = (changes: Parameters<typeof deploymentRecord>[0] = {}): Message =>
  messageOf({ result: rolledBack, execution, startedAt, now: later, deployments: [deploymentRecord(changes)] });

/** Text from outside: of any characters, and of what Slack and mail would take for more than text. */
export const untrusted: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ maxLength: 200 }),
  fc
    .tuple(
      fc.constantFrom(
        '<!channel>',
        '<@U123>',
        '<https://evil.example|click>',
        '&',
        '<',
        '>',
        '&amp;',
        '```',
        '`',
        '\r\n',
        '\u2028',
        '\u202e',
        '\0',
        '*_~',
        '@here',
        '字',
      ),
      fc.nat(700),
    )
    .map(([piece, times]) => piece.repeat(times)),
);

/** A message of a release or of one deployment in which every text from outside is untrusted. */
export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    outcome: fc.constantFrom(...outcomes),
    code: fc.constantFrom('CRASHED', 'AWS_ERROR'),
    text: fc.array(untrusted, { minLength: 12, maxLength: 12 }),
    lines: fc.array(untrusted, { maxLength: 25 }),
    failures: fc.array(untrusted, { maxLength: 8 }),
    services: fc.nat(25),
    isRelease: fc.boolean(),
  })
  .map(({ outcome, code, text, lines, failures, services, isRelease }) => {
    const [
      message = '',
      tag = '',
      by = '',
      reason = '',
      commit = '',
      sourceUrl = '',
      repository = '',
      container = '',
      event = '',
      previousTag = '',
      previousImage = '',
      stage = '',
    ] = text;
    const trigger = { kind: 'hand', by, reason } as const;
    const itsImage = { ...image, repository, tag, commit, sourceUrl };
    const result = { outcome, reason: code, message } as const;
    const seen = { isPassed: false, seen: event };
    const hooks: Partial<DeploymentRecord> = {
      beforeTask: {
        ...failedTask,
        container,
        command: [message, event],
        ended: { ...failedTask.ended, message, log: lines },
      },
      logs: [{ container, group: repository, prefix: tag }],
      verification: { since: startedAt, url: seen, verifier: seen, ignoredAlarms: [event] },
    };
    const undo = { service: 'production/web', name: 'undo' };
    const gates: Partial<ReleaseRecord> = {
      approvals: [{ stage, by, reason, at: later }],
      passedOver: lines.map((line) => ({ stage, message: line })),
      warnings: failures,
      force: true,
      ignoreWindow: true,
      waiting: { stage: 'production', for: 'approval', since: startedAt, until: later },
      rollback: { of: 'repository#my-learn-app release#1#push-1', deployments: [] },
    };
    const record = deploymentRecord({
      result,
      stage,
      trigger,
      image: itsImage,
      previousImage,
      previousTag,
      ...hooks,
      evidence: {
        failedTasks: 3,
        reason: 'CRASHED',
        groups: failures.map((description) => ({ count: 2, description })),
        logs: { container, lines },
        events: [event, event, event],
        alarms: [event],
        warnings: [event, event],
      },
    });
    return messageOf({
      result,
      execution: isRelease ? releaseExecution : execution,
      startedAt,
      now: later,
      release: isRelease ? releaseRecord({ stage, trigger, image: itsImage, repository, ...gates }) : undefined,
      deployments: Array.from({ length: isRelease ? services : 1 }, (_, index) => ({ ...record, name: `${index}` })),
      beforeTasks: isRelease ? [record, record] : [],
      // Of every second service.
      undos: Array.from({ length: isRelease ? Math.ceil(services / 2) : 0 }, (_, index) => ({ ...undo, undoes: `${2 * index}`, record })),
    });
  });
