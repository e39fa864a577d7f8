import { type CommandName, controlExample, parseControlInput } from '../../../core/input/control-input.js';
import { suggestionFor } from '../../../core/input/suggestion.js';
import { startedAt } from '../given.js';

const now = '2026-11-27T12:00:00.000Z';
const parse = (input: unknown) => parseControlInput(input, now);

describe('a command', () => {
  test.each<CommandName>(['hold', 'unhold', 'cancel'])('%s has an example that is valid', (command) => {
    expect(parse(JSON.parse(controlExample(command)))).toMatchObject({ command, service: 'production/web', trigger: { by: 'ada' } });
  });

  test.each([
    ['30m', '2026-11-27T12:30:00.000Z'],
    ['2h', '2026-11-27T14:00:00.000Z'],
    ['1d', '2026-11-28T12:00:00.000Z'],
    ['2026-11-27T14:05:00Z', '2026-11-27T14:05:00.000Z'],
    ['2026-11-27T14:05+01:00', '2026-11-27T13:05:00.000Z'],
  ])('holds until %s', (until, expected) => {
    expect(parse({ command: 'hold', service: '*', until })).toEqual({
      command: 'hold',
      service: '*',
      until: expected,
      trigger: { kind: 'hand' },
    });
  });

  test.each<[unknown, string, CommandName]>([
    [undefined, 'the input is missing', 'hold'],
    ['hold production/web', 'the input is a string ("hold production/web")', 'hold'],
    [{}, 'the input is empty', 'hold'],
    [{ key1: 'value1', key2: 'value2' }, 'the input has no "command"', 'hold'],
    [
      { command: 'cancle', service: 'production/web' },
      '"command" of the input is "cancle"; expected one of "hold", "unhold", "cancel"',
      'cancel',
    ],
    [{ command: 'rollback', service: 'production/web' }, '"command" of the input is "rollback"', 'hold'],
    [{ command: ['hold'], service: 'production/web' }, '"command" of the input is ["hold"]', 'hold'],
    [{ command: 'unhold' }, 'the input has no "service"', 'unhold'],
    [{ command: 'unhold', service: '' }, '"service" of the input is ""; expected text', 'unhold'],
    [{ command: 'unhold', service: '*', until: '2h' }, 'the input has the unknown key "until": "2h"', 'unhold'],
    [
      { command: 'cancel', service: 'production/web', stopTask: 'yes' },
      '"stopTask" of the input is "yes"; expected true or false',
      'cancel',
    ],
    [{ command: 'unhold', service: 'production/web', stopTask: true }, 'the unknown key "stopTask"', 'unhold'],
    [{ command: 'cancel', service: 'production/web', by: 7 }, '"by" of the input is 7; expected text', 'cancel'],
    [{ command: 'cancel', service: 'production/web', reason: 'x'.repeat(501) }, 'expected 500 characters at most', 'cancel'],
    [{ command: 'hold', service: '*', until: 'friday' }, '"until" of the input is "friday"; expected a duration such as "2h"', 'hold'],
    [{ command: 'hold', service: '*', until: '2026-11-27' }, '"until" of the input is "2026-11-27"', 'hold'],
    [{ command: 'hold', service: '*', until: '2026-13-45T99:00:00Z' }, '"until" of the input is "2026-13-45T99:00:00Z"', 'hold'],
  ])('%j is rejected with the value, what was expected and an example of its command', (input, words, command) => {
    const rejected = () => parse(input);

    expect(rejected).toThrow(expect.objectContaining({ name: 'RejectedInput' }));
    expect(rejected).toThrow(words);
    expect(rejected).toThrow(controlExample(command));
  });

  test.each([startedAt, now, '0m'])('a hold until %s, which has passed, is rejected', (until) => {
    expect(() => parse({ command: 'hold', service: '*', until })).toThrow(`expected a time after now, ${now}`);
  });
});

test.each([
  ['production/webb', 'production/web'],
  ['prodution/web', 'production/web'],
  ['staging/worker', undefined],
  ['', undefined],
])('for %j of production/web and production/worker %s is suggested', (word, expected) => {
  expect(suggestionFor(word, ['production/web', 'production/worker'])).toBe(expected);
});
