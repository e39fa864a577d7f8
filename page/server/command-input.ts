import * as v from 'valibot';
import { parseStrictly, shown, text } from '../../core/input/strict-input.js';
import { suggestionFor } from '../../core/input/suggestion.js';
import { RejectedInput } from '../../core/result/rejected-input.js';
import { type Command, type CommandName, commandNames } from '../api.js';

const given = v.exactOptional(text);
const flag = v.exactOptional(v.boolean());

const form = <Name extends CommandName, Entries extends v.ObjectEntries>(name: Name, entries: Entries) =>
  v.strictObject({ command: v.literal(name), reason: given, ...entries });

const answer = { repository: text, stage: text, digest: text };

const forms = {
  deploy: form('deploy', { image: text, service: given, force: flag }),
  redeploy: form('redeploy', { service: text, force: flag }),
  rollback: form('rollback', { service: text, repository: given, holdAfterwards: flag, confirm: given }),
  rollbackRelease: form('rollbackRelease', { repository: text, release: given, stage: given, confirm: given }),
  hold: form('hold', { service: text, until: given }),
  unhold: form('unhold', { service: text }),
  cancel: form('cancel', { service: text, confirm: given }),
  cancelRelease: form('cancel', { repository: text, stage: text, confirm: given }),
  approve: form('approve', answer),
  reject: form('reject', answer),
};

/** A command with what it needs. */
export type ParsedCommand = v.InferOutput<(typeof forms)[keyof typeof forms]>;

const examples: Readonly<Record<keyof typeof forms, string>> = {
  deploy: '{"command": "deploy", "image": "my-learn-app:v1.4.2", "service": "production/web"}',
  redeploy: '{"command": "redeploy", "service": "production/web"}',
  rollback: '{"command": "rollback", "service": "production/web", "confirm": "production/web"}',
  rollbackRelease: '{"command": "rollbackRelease", "repository": "my-learn-app", "stage": "production", "confirm": "production"}',
  hold: '{"command": "hold", "service": "production/web", "until": "2h"}',
  unhold: '{"command": "unhold", "service": "production/web"}',
  cancel: '{"command": "cancel", "service": "production/web", "confirm": "production/web"}',
  cancelRelease: '{"command": "cancel", "repository": "my-learn-app", "stage": "production", "confirm": "production"}',
  approve: '{"command": "approve", "repository": "my-learn-app", "stage": "production", "digest": "sha256:…"}',
  reject: '{"command": "reject", "repository": "my-learn-app", "stage": "production", "digest": "sha256:…"}',
};

const formOf = (command: CommandName, input: object): keyof typeof forms =>
  command === 'cancel' && 'repository' in input ? 'cancelRelease' : command;

/** @throws RejectedInput for the first member that is not as `Command` says, with what was expected */
export const parseCommand = (input: unknown): ParsedCommand & Command => {
  const { command: name } = parseStrictly(v.object({ command: v.unknown() }), input, examples.rollback);
  const command = commandNames.find((one) => one === name);
  if (command !== undefined) {
    const key = formOf(command, input as object);
    return parseStrictly<v.GenericSchema<unknown, ParsedCommand>>(forms[key], input, examples[key]);
  }
  const meant = suggestionFor(String(name), commandNames);
  const suggestion = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  throw new RejectedInput(`"command" of the input is ${shown(name)}${suggestion}; expected one of ${commandNames.join(', ')}`);
};
