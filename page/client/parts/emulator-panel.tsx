import { useEffect, useState } from 'preact/hooks';
import type { EmulatorFault, EmulatorState, ImageBehaviour, InjectFault, PushImage, SetClock } from '../../api.js';
import { ProblemText } from '../dialogs/problem-text.js';
import { clockTime } from '../format/time.js';
import { get, post } from '../http.js';
import { now } from '../now.js';
import { emulator, isLive, showEmulator } from '../state.js';
import { Button, IconButton } from './button.js';
import { Dialog } from './dialog.js';
import { behaviours, faultText, putImageCommand, speeds } from './emulator-words.js';
import { Icon } from './icons.js';
import '../styles/emulator.css';

/** Posts to the emulator; an error is shown in the panel until the next request. */
const useEmulator = () => {
  const [error, setError] = useState<Error | undefined>(undefined);
  const send = (path: string, body: object): Promise<boolean> => {
    setError(undefined);
    return post(`/api/emulator/${path}`, body).then(
      () => true,
      (failure: Error) => {
        setError(failure);
        return false;
      },
    );
  };
  return { error, send };
};

type Send = ReturnType<typeof useEmulator>['send'];

/** What is done with the emulated account: beside any view. */
export const EmulatorPanel = ({ onClose }: { onClose: () => void }) => {
  const { error, send } = useEmulator();
  const [unread, setUnread] = useState<Error | undefined>(undefined);
  // Again after the connection was lost, as by a reset.
  useEffect(() => {
    if (isLive.value)
      get<EmulatorState>('/api/emulator').then((state) => {
        showEmulator(state);
        setUnread(undefined);
      }, setUnread);
  }, [isLive.value]);
  const state = emulator.value;
  return (
    <aside class="emulator" aria-label="Emulator">
      <header>
        <Icon name="emulator" /> <h2>Emulator</h2> <span class="quiet">one process, one account</span>
        <IconButton icon="close" label="Close the emulator panel" onClick={onClose} />
      </header>
      {(error ?? unread) && <ProblemText error={(error ?? unread) as Error} />}
      {state ? (
        <>
          <ClockPart state={state} send={send} />
          <PushPart state={state} send={send} />
          <FaultPart state={state} send={send} />
          <LogPart state={state} />
          <ResetPart state={state} send={send} />
        </>
      ) : (
        <p aria-busy="true">Reading the emulator</p>
      )}
    </aside>
  );
};

type PartProps = { readonly state: EmulatorState; readonly send: Send };

const ClockPart = ({ state, send }: PartProps) => {
  const set = (change: SetClock) => void send('clock', change);
  return (
    <section aria-label="Clock">
      <p>
        <strong class="emulator-time">{clockTime(new Date(now.value).toISOString())}</strong>{' '}
        <span class="quiet">virtual, day {state.day}</span>
      </p>
      <div class="emulator-row">
        <fieldset class="segments" aria-label="Speed of the clock">
          {speeds.map(({ speed, shown, text, label }) => (
            <button
              key={text}
              type="button"
              aria-label={`${text}: ${label}`}
              aria-pressed={state.clock.speed === shown}
              disabled={!isLive.value}
              onClick={() => set({ speed })}
            >
              {speed === 0 ? <Icon name="hold" /> : text}
            </button>
          ))}
        </fieldset>
        <Button icon="step" disabled={!isLive.value} onClick={() => set({ step: true })}>
          Step
        </Button>
      </div>
    </section>
  );
};

const PushPart = ({ state, send }: PartProps) => {
  const [chosen, choose] = useState<string | undefined>(undefined);
  const [typed, type] = useState<string | undefined>(undefined);
  const [behaviour, behave] = useState<ImageBehaviour>('healthy');
  const repository = state.repositories.find(({ name }) => name === chosen) ?? state.repositories[0];
  if (!repository) return <p>slipway.yml names no repository.</p>;
  const image: PushImage = { repository: repository.name, tag: typed ?? repository.nextTag, behaviour };
  const push = async () => {
    // The next tag is proposed again.
    if (await send('images', image)) type(undefined);
  };
  const command = putImageCommand(state.url, image);
  return (
    <section aria-labelledby="emulator-push">
      <h3 id="emulator-push">Push an image</h3>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void push();
        }}
      >
        <div class="emulator-row">
          <select
            class="field"
            aria-label="Repository"
            value={repository.name}
            onChange={({ currentTarget }) => {
              choose(currentTarget.value);
              type(undefined);
            }}
          >
            {state.repositories.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <input class="field" aria-label="Tag" value={image.tag} onInput={({ currentTarget }) => type(currentTarget.value)} />
        </div>
        <fieldset class="behaviours" aria-label="How it runs">
          {behaviours.map(({ key, title, text, icon }) => (
            <label key={key}>
              <input type="radio" name="behaviour" checked={behaviour === key} onChange={() => behave(key)} />
              <Icon name={icon} />
              <span>
                <strong>{title}</strong>
                <small>{text}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <Button type="submit" kind="primary" icon="push" disabled={!isLive.value || image.tag === ''}>
          Push {image.repository}:{image.tag}
        </Button>
      </form>
      <p class="emulator-command">
        <code>{command}</code>
        <IconButton icon="copy" label="Copy the command" onClick={() => void navigator.clipboard.writeText(command)} />
      </p>
    </section>
  );
};

const FaultPart = ({ state, send }: PartProps) => {
  const inject = (kind: EmulatorFault, times: number) => void send('faults', { kind, times } satisfies InjectFault);
  return (
    <section aria-labelledby="emulator-faults">
      <h3 id="emulator-faults">Make something fail</h3>
      <div class="emulator-row">
        <Button icon="fault" disabled={!isLive.value} onClick={() => inject('throttleEcs', 20)}>
          Throttle ECS
        </Button>
        <Button icon="lost" disabled={!isLive.value} onClick={() => inject('loseNextEvent', 1)}>
          Lose next event
        </Button>
      </div>
      {state.faults.map((fault) => (
        <p key={fault.kind} class="emulator-fault" role="status">
          <Icon name="fault" /> <span>{faultText(fault)}</span>
          <IconButton icon="close" label={`End: ${faultText(fault)}`} disabled={!isLive.value} onClick={() => inject(fault.kind, 0)} />
        </p>
      ))}
    </section>
  );
};

const LogPart = ({ state }: { state: EmulatorState }) => (
  <section class="emulator-log" aria-labelledby="emulator-log">
    <h3 id="emulator-log">Event log</h3>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard (WCAG 2.1.1) */}
    <ol tabIndex={0} aria-labelledby="emulator-log">
      {state.log.map(({ number, time, source, type, text }) => (
        <li key={number}>
          <time dateTime={time}>{clockTime(time)}</time> <span class="quiet">{source}</span>{' '}
          <span title={text}>
            {type} <span class="quiet">{text}</span>
          </span>
        </li>
      ))}
    </ol>
  </section>
);

const ResetPart = ({ state, send }: PartProps) => {
  const [isAsking, ask] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const reset = async () => {
    ask(false);
    setBusy(true);
    await send('reset', {});
    setBusy(false);
  };
  return (
    <footer>
      <span>{state.events.toLocaleString('en')} events</span>
      <Button icon="back" disabled={!isLive.value || isBusy} onClick={() => ask(true)}>
        {isBusy ? 'Deploying a new account' : 'Reset the account…'}
      </Button>
      {isAsking && (
        <Dialog title="Reset the account?" icon="back" tone="red" onClose={() => ask(false)}>
          <p>
            Everything in it goes: images, services, history. A new one is deployed at the same addresses; that takes less than a minute.
          </p>
          <div class="dialog-actions">
            <Button onClick={() => ask(false)}>Keep it as it is</Button>
            <Button kind="danger" onClick={() => void reset()}>
              Reset the account
            </Button>
          </div>
        </Dialog>
      )}
    </footer>
  );
};
