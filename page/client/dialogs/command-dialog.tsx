import { useState } from 'preact/hooks';
import type { Command, CommandAccepted, Preview } from '../../api.js';
import { post, RequestError } from '../http.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Icon, type IconName } from '../parts/icons.js';
import { showToast } from '../shell/toasts.js';
import { isLive, overview } from '../state.js';
import { useResource } from '../use-resource.js';
import { Check, TextField } from './fields.js';
import { commandOf, emptyForm, type Form, isAnswered, mayAct, previewed, previewPath } from './form.js';
import { ImageChoice, repositoriesFor } from './image-choice.js';
import { closeCommand, newKey, type OpenCommand, openDialog } from './open.js';
import { ProblemText } from './problem-text.js';
import { subjectOf, wordsOf } from './words.js';
import '../styles/commands.css';

/** The dialog of the command that is open, if one is. Mounted once. */
export const CommandDialog = () => {
  const open = openDialog.value;
  return open ? <Asking key={open.id} open={open} /> : null;
};

const lineIcons: Readonly<Record<Preview['lines'][number]['kind'], IconName>> = {
  change: 'back',
  tasks: 'box',
  quarantine: 'shield',
  hold: 'hold',
  gate: 'skipped',
  warning: 'warning',
};

const Asking = ({ open: { command, key } }: { open: OpenCommand }) => {
  const [form, setForm] = useState<Form>(() => emptyForm(command));
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<Error | undefined>(undefined);
  const path = previewPath(previewed(command, form));
  const { data: preview, error: unread } = useResource<Preview>(path);
  const words = wordsOf(previewed(command, form));
  const canAct = mayAct(command, form, { isLive: isLive.value, isSending, preview });
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }));
  const send = async () => {
    if (!canAct || !preview) return;
    setSending(true);
    setError(undefined);
    try {
      const asked = commandOf(command, form, preview);
      const { message, href } = await post<CommandAccepted>('/api/commands', asked, { 'Idempotency-Key': key.current });
      closeCommand();
      showToast({ title: words.act, text: message, ...(href !== undefined && { href }) });
    } catch (failure) {
      if (failure instanceof RequestError && isAnswered(failure.status)) key.current = newKey();
      setError(failure as Error);
      setSending(false);
    }
  };
  return (
    <Dialog title={words.title} icon={words.icon} {...(words.isDanger && { tone: 'red' })} onClose={closeCommand}>
      <form
        class="command-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {command.command === 'deploy' && <Choice command={command} image={form.image} onChange={(image) => change({ image })} />}
        {path !== undefined && <Lines preview={preview} error={unread} />}
        <Fields command={command} form={form} preview={preview} change={change} />
        {error && <ProblemText error={error} />}
        {!isLive.value && <p role="status">The connection is lost: commands are off until it is back.</p>}
        <div class="dialog-actions">
          <Button onClick={closeCommand}>{words.keep}</Button>
          <Button type="submit" kind={words.isDanger ? 'danger' : 'primary'} disabled={!canAct}>
            {words.act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

const Lines = ({ preview, error }: { preview: Preview | undefined; error: Error | undefined }) => {
  if (error) return <ProblemText error={error} />;
  if (!preview) return <p aria-busy="true">Reading what would change</p>;
  return (
    <>
      {preview.lines.length > 0 && (
        <ul class="preview">
          {preview.lines.map(({ kind, text }) => (
            <li key={text}>
              <Icon name={lineIcons[kind]} /> <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
      {preview.refused !== undefined && (
        <p class="tone-amber" role="status">
          <Icon name="warning" /> It cannot be done now: {preview.refused}
        </p>
      )}
    </>
  );
};

/** Images of a service's repository, or of one that is chosen. */
const Choice = ({ command, image, onChange }: { command: Command; image: string | undefined; onChange: (image: string) => void }) => {
  const repositories = command.repository === undefined ? repositoriesFor(command.service) : [command.repository];
  const [chosen, choose] = useState<string | undefined>(undefined);
  const repository = chosen ?? repositories[0];
  if (repository === undefined) return null;
  return (
    <>
      {repositories.length > 1 && (
        <label class="labelled">
          Repository
          <select class="field" value={repository} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {repositories.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <ImageChoice service={command.service} repository={repository} image={image} onChange={onChange} />
    </>
  );
};

type FieldsProps = {
  readonly command: Command;
  readonly form: Form;
  readonly preview: Preview | undefined;
  readonly change: (part: Partial<Form>) => void;
};

const Fields = ({ command, form, preview, change }: FieldsProps) => {
  const name = overview.value?.me?.name;
  const hint = `${name === undefined ? '' : `with your name, ${name}, `}in the history and in Slack`;
  const isQuarantined = preview?.lines.some(({ kind }) => kind === 'quarantine') ?? false;
  return (
    <>
      {command.command === 'hold' && (
        <TextField
          label="Until"
          isOptional
          value={form.until}
          onInput={(until) => change({ until })}
          hint="2h, 30m, 1d, or a time such as 2026-11-27T14:05:00Z; empty: until it is released"
        />
      )}
      <TextField label="Reason" isOptional isFirst value={form.reason} onInput={(reason) => change({ reason })} hint={hint} />
      {command.command === 'rollback' && (
        <Check
          label={`Hold ${subjectOf(command)} afterwards`}
          isOn={form.holdAfterwards}
          onChange={(holdAfterwards) => change({ holdAfterwards })}
        />
      )}
      {command.command === 'deploy' && (isQuarantined || form.force) && (
        <Check label="Deploy it with force, out of quarantine" isOn={form.force} onChange={(force) => change({ force })} />
      )}
      {preview?.confirm !== undefined && (
        <TextField label={`Type ${preview.confirm} to confirm`} isCode value={form.confirm} onInput={(confirm) => change({ confirm })} />
      )}
    </>
  );
};
