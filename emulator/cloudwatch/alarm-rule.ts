import { AwsError, NotEmulated } from '../errors.js';
import type { StateValue } from './alarm.js';

/** Whether a composite alarm is in ALARM, by the states of the alarms in its rule. */
export type AlarmRule = (stateOf: (alarm: string) => StateValue | undefined) => boolean;

const tokenPattern = /\s*(\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+)/y;

const invalid = (rule: string, detail: string): AwsError =>
  new AwsError('ValidationError', `AlarmRule must not contain syntax errors: ${detail} in '${rule}'`);

const tokensOf = (rule: string): string[] => {
  const tokens: string[] = [];
  const text = rule.trim();
  for (let at = 0; at < text.length; at = tokenPattern.lastIndex) {
    tokenPattern.lastIndex = at;
    const [, token] = tokenPattern.exec(text) ?? [];
    if (token === undefined) throw invalid(rule, 'a quotation mark without its end');
    tokens.push(token);
  }
  return tokens;
};

const functions: Readonly<Record<string, StateValue>> = { ALARM: 'ALARM', OK: 'OK', INSUFFICIENT_DATA: 'INSUFFICIENT_DATA' };

/** A name, quoted or not, or an ARN. */
const nameIn = (token: string): string => {
  const name = token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
  return name.startsWith('arn:') ? (name.split(':alarm:')[1] ?? name) : name;
};

/** NOT before AND before OR, as the reference of PutCompositeAlarm has them. */
class Parser {
  readonly names: string[] = [];
  readonly #rule: string;
  readonly #tokens: string[];

  constructor(rule: string) {
    this.#rule = rule;
    this.#tokens = tokensOf(rule);
  }

  parse(): AlarmRule {
    const rule = this.#either();
    if (this.#tokens.length > 0) throw invalid(this.#rule, `'${this.#tokens[0]}' after the end`);
    return rule;
  }

  #take(expected?: string): string {
    const token = this.#tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw invalid(this.#rule, `${token === undefined ? 'the end' : `'${token}'`} instead of ${expected ?? 'an expression'}`);
    return token;
  }

  #accept(word: string): boolean {
    if (this.#tokens[0] !== word) return false;
    this.#tokens.shift();
    return true;
  }

  #either(): AlarmRule {
    const rules = [this.#all()];
    while (this.#accept('OR')) rules.push(this.#all());
    return (stateOf) => rules.some((rule) => rule(stateOf));
  }

  #all(): AlarmRule {
    const rules = [this.#one()];
    while (this.#accept('AND')) rules.push(this.#one());
    return (stateOf) => rules.every((rule) => rule(stateOf));
  }

  #one(): AlarmRule {
    const token = this.#take();
    if (token === 'NOT') {
      const rule = this.#one();
      return (stateOf) => !rule(stateOf);
    }
    if (token === '(') {
      const rule = this.#either();
      this.#take(')');
      return rule;
    }
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE';
    if (token === 'AT_LEAST') throw new NotEmulated('AT_LEAST in an AlarmRule');
    const value = functions[token] ?? this.#refuse(token);
    this.#take('(');
    const name = nameIn(this.#take());
    this.#take(')');
    this.names.push(name);
    return (stateOf) => stateOf(name) === value;
  }

  #refuse(token: string): never {
    throw invalid(this.#rule, `'${token}'`);
  }
}

/** @throws AwsError ValidationError, NotEmulated */
export const parseAlarmRule = (text: string): { readonly rule: AlarmRule; readonly names: readonly string[] } => {
  if (text.length > 10_240) throw new AwsError('ValidationError', `AlarmRule has ${text.length} characters; expected at most 10240`);
  const parser = new Parser(text);
  return { rule: parser.parse(), names: parser.names };
};
