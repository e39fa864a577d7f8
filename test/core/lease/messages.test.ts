import * as messages from '../../../core/lease/messages.js';

/** Every message with the facts that it states, in order. */
const facts: Record<keyof typeof messages, readonly [message: string, ...facts: string[]]> = {
  stageFailed: [messages.stageFailed('production/web'), 'not begun', 'production/web failed', 'stage'],
  cancelledWithStage: [messages.cancelledWithStage('production/web'), 'production/web failed', 'rolls back all'],
  notConfiguredAnyMore: [messages.notConfiguredAnyMore('production/web', 'my-app'), 'changed', 'production/web', 'my-app', 'not changed'],
  inAnotherStage: [messages.inAnotherStage('production/web', 'staging', 'production'), 'production/web', 'production', 'staging'],
  olderVersion: [messages.olderVersion('v1.3.9', 'v1.4.0'), 'v1.3.9', 'older', 'v1.4.0', 'by hand'],
  newerThanRelease: [messages.newerThanRelease('a1b2'), 'newer', 'a1b2', 'nothing was rolled back'],
  nothingToUndo: [
    messages.nothingToUndo('service#production/web deployment#1'),
    'service#production/web deployment#1',
    'nothing',
    'expected',
  ],
  revisionUnknown: [messages.revisionUnknown('web:7'), 'web:7', 'ECS does not know', '"image" or "taskDefinition"'],
};

test.each(Object.entries(facts).map(([name, [message, ...stated]]) => ({ name, message, stated })))(
  '$name states its facts in order: $message',
  ({ message, stated }) => {
    const positions = stated.map((fact) => message.indexOf(fact));

    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    expect(message).toMatch(/[^.]$/);
  },
);
