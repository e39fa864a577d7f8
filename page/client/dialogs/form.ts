import type { Command, Preview } from '../../api.js';

/** What is typed and chosen in a command's dialog. */
export type Form = {
  readonly reason: string;
  readonly confirm: string;
  readonly until: string;
  readonly image: string | undefined;
  readonly force: boolean;
  readonly holdAfterwards: boolean;
};

export const emptyForm = ({ reason = '', until = '', image, force = false, holdAfterwards = false }: Command): Form => ({
  reason,
  confirm: '',
  until,
  image,
  force,
  holdAfterwards,
});

const filled = (name: keyof Command, value: string): Partial<Command> => (value.trim() === '' ? {} : { [name]: value.trim() });

/** The command as its preview is asked for: what changes while it is typed is not in it. */
export const previewed = (command: Command, { image }: Form): Command => ({ ...command, ...(image !== undefined && { image }) });

/** The path of a command's preview; undefined of a deployment while its image is not chosen. */
export const previewPath = (command: Command): string | undefined =>
  command.command === 'deploy' && command.image === undefined
    ? undefined
    : `/api/preview?${new URLSearchParams(Object.entries(command).map(([name, value]): [string, string] => [name, String(value)]))}`;

/** The command as it is sent: approve and reject have the digest that was looked at. */
export const commandOf = (given: Command, form: Form, { confirm, digest }: Preview): Command => {
  const { command } = given;
  const isAnswer = command === 'approve' || command === 'reject';
  // A release of the deploy dialog names its repository in the image.
  const { repository, ...rest } = given;
  return {
    ...rest,
    ...(repository !== undefined && command !== 'deploy' && { repository }),
    ...filled('reason', form.reason),
    ...(command === 'hold' && filled('until', form.until)),
    ...(command === 'deploy' && form.image !== undefined && { image: form.image }),
    ...(form.force && { force: true }),
    ...(command === 'rollback' && form.holdAfterwards && { holdAfterwards: true }),
    ...(confirm !== undefined && { confirm: form.confirm.trim() }),
    ...(isAnswer && digest !== undefined && given.digest === undefined && { digest }),
  };
};

type Ready = { readonly isLive: boolean; readonly isSending: boolean; readonly preview: Preview | undefined };

/** May the button act? Not without a connection, before the preview, or until the name is typed. */
export const mayAct = ({ command }: Command, form: Form, { isLive, isSending, preview }: Ready): boolean => {
  if (!isLive || isSending || !preview || preview.refused !== undefined) return false;
  if (command === 'deploy' && form.image === undefined) return false;
  return preview.confirm === undefined || form.confirm.trim() === preview.confirm;
};

/** After an answer of the stack or the server a new try is another intention; after none it may be that the first one arrived. */
export const isAnswered = (status: number): boolean => status >= 400 && status < 500;
