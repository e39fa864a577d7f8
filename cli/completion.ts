import { Option } from 'commander';
import { CommandError } from './command-error.js';
import type { Verb } from './context.js';
import { commonOptions, type OptionDeclaration, optionsOf, type VerbDeclaration } from './declaration.js';
import { exitStatuses } from './exit-status.js';

type Word = { readonly word: string; readonly does: string };

const wordsOf = (options: readonly OptionDeclaration[]): Word[] => [
  ...options.map(({ flags, description }) => ({ word: new Option(flags).long ?? flags, does: description })),
  { word: '--help', does: 'options and examples' },
];

const verbWords = (verbs: readonly VerbDeclaration[]): Word[] => verbs.map(({ name, description }) => ({ word: name, does: description }));

const cases = (verbs: readonly VerbDeclaration[], line: (words: readonly Word[]) => string): string =>
  verbs.map((verb) => `    ${verb.name}) ${line(wordsOf([...optionsOf(verb), ...commonOptions]))} ;;`).join('\n');

const names = (verbs: readonly VerbDeclaration[]): string => verbs.map(({ name }) => name).join('|');

const bash = (verbs: readonly VerbDeclaration[]): string => {
  const listed = (words: readonly Word[]): string => `words='${words.map(({ word }) => word).join(' ')}'`;
  return `_slipway() {
  local word words verb=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${names(verbs)}) verb=$word; break ;; esac
  done
  case $verb in
${cases(verbs, listed)}
    *) ${listed([...verbWords(verbs), ...wordsOf(commonOptions)])} ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _slipway slipway`;
};

const zsh = (verbs: readonly VerbDeclaration[]): string => {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const listed = (words: readonly Word[]): string =>
    `described=(${words.map(({ word, does }) => quoted(`${word}:${does.replaceAll(':', '\\:')}`)).join(' ')})`;
  return `#compdef slipway
_slipway() {
  local word verb=
  local -a described
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in (${names(verbs)}) verb=$word; break ;; esac
  done
  case $verb in
${cases(verbs, listed)}
    *) ${listed([...verbWords(verbs), ...wordsOf(commonOptions)])} ;;
  esac
  _describe -t commands slipway described
}
if [ "$funcstack[1]" = _slipway ]; then _slipway "$@"; else compdef _slipway slipway; fi`;
};

const shells: Readonly<Record<string, (verbs: readonly VerbDeclaration[]) => string>> = { bash, zsh };

/** The verb that prints a script for a shell, of these declarations. */
export const completionOf =
  (verbs: readonly VerbDeclaration[]): Verb<[shell: string]> =>
  async ({ terminal }, [shell]) => {
    const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
    if (!script)
      throw new CommandError(`completion is for ${Object.keys(shells).join(' and ')}, not for ${JSON.stringify(shell)}`, {
        status: exitStatuses.usage,
        code: 'USAGE',
      });
    terminal.print(script(verbs));
    return exitStatuses.ok;
  };
