/**
 * A line in which the runner of GitHub Actions sees no workflow command: it takes `::` at the beginning of a line and `##[` anywhere in
 * one for it (actions/runner, ActionCommand.cs), and logs of containers come from outside.
 */
export const inertForRunner = (line: string): string => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #[');
