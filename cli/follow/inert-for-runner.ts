/**
 * A line in which the runner of GitHub Actions sees no command of a workflow: it obeys `::` at the beginning of a line and `##[` anywhere in
 * one (actions/runner, ActionCommand.cs), and logs of containers come from outside.
 */
export const inertForRunner = (line: string): string => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #[');
