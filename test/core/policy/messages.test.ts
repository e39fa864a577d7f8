import * as messages from '../../../core/policy/messages.js';

/** Every message with the facts that it states, in order. */
const facts: Record<keyof typeof messages, readonly (readonly [message: string, ...facts: string[]])[]> = {
  tagMatched: [
    [messages.tagMatched('v2', 'v*'), 'v2', 'v*'],
    [messages.tagMatched('v2', 'v*', 'production'), 'v2', 'v*', 'stage production'],
  ],
  tagExcluded: [
    [messages.tagExcluded('v2-arm64', '!*-arm64'), 'v2-arm64', 'excluded', '!*-arm64'],
    [messages.tagExcluded('v2-arm64', '!*-arm64', 'production'), 'v2-arm64', 'excluded', '!*-arm64', 'stage production'],
  ],
  tagNotMatched: [
    [messages.tagNotMatched('x', ['main-*', 'v*']), 'x', 'none of the patterns main-*, v*'],
    [messages.tagNotMatched('x', ['v*'], 'production'), 'x', 'v*', 'stage production'],
  ],
  noPatterns: [[messages.noPatterns('x'), 'x', 'no tags']],
  brokenPattern: [[messages.brokenPattern('x', 'is "/(/"', 'production'), 'x', 'refused', 'stage production', '"/(/"']],

  noPattern: [
    [messages.noPattern('v1@beta'), '"v1@beta"', 'exact tag', 'glob', 'semver:'],
    [messages.noPattern('^1.0', 'semver:^1.0'), '"^1.0"', 'did you mean semver:^1.0'],
  ],
  unclosedExpression: [[messages.unclosedExpression('/v'), '"/v"', 'expected a /']],
  expressionFlags: [[messages.expressionFlags('/v/i'), '"/v/i"', 'nothing after the last /', '(?i)']],
  emptyExpression: [[messages.emptyExpression('//'), '"//"', 'expected', '*']],
  largeExpression: [[messages.largeExpression('/v{900}/', 300), '"/v{900}/"', 'too large', '300 characters']],
  unsupportedExpression: [
    [messages.unsupportedExpression('/(?=v)/', 'lookAround'), '"/(?=v)/"', 'RE2', 'no look-around', '!'],
    [messages.unsupportedExpression('/(v)\\1/', 'backReference'), '"/(v)\\\\1/"', 'RE2', 'no back-references'],
  ],
  invalidExpression: [[messages.invalidExpression('/(/', 'missing closing )'), '"/(/"', 'missing closing )', 'RE2']],
  invalidRange: [[messages.invalidRange('semver:'), '"semver:"', "npm's semver", 'semver:^1.4']],
  emptyRange: [[messages.emptyRange('semver:>2 <1'), '"semver:>2 <1"', 'no version', 'semver:>=1.4 <3']],

  digestChosen: [[messages.digestChosen(), 'digest', 'every stage']],
  releaseEnds: [[messages.releaseEnds('staging', 'web: held'), 'ends at stage staging', 'web: held']],
};

test.each(Object.entries(facts).flatMap(([name, rows]) => rows.map(([message, ...stated]) => ({ name, message, stated }))))(
  '$name states its facts in order: $message',
  ({ message, stated }) => {
    const positions = stated.map((fact) => message.indexOf(fact));

    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
  },
);
