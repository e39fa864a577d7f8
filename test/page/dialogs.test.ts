import type { Command } from '../../page/api.js';
import { commandOf, emptyForm, isAnswered, mayAct, previewed, previewPath } from '../../page/client/dialogs/form.js';
import { subjectOf, wordsOf } from '../../page/client/dialogs/words.js';
import { faultText, putImageCommand } from '../../page/client/parts/emulator-words.js';
import { digest } from '../core/given.js';

const rollback: Command = { command: 'rollback', service: 'production/web' };
const ready = { isLive: true, isSending: false, preview: { lines: [], confirm: 'production/web' } };

test('a button acts once the name is typed, and not without connection, preview, image or while it is sent', () => {
  const typed = { ...emptyForm(rollback), confirm: ' production/web ' };
  expect(mayAct(rollback, typed, ready)).toBe(true);
  expect(mayAct(rollback, { ...typed, confirm: 'production/we' }, ready)).toBe(false);
  expect(mayAct(rollback, typed, { ...ready, isLive: false })).toBe(false);
  expect(mayAct(rollback, typed, { ...ready, isSending: true })).toBe(false);
  expect(mayAct(rollback, typed, { ...ready, preview: undefined })).toBe(false);
  expect(mayAct(rollback, typed, { ...ready, preview: { lines: [], refused: 'another image waits' } })).toBe(false);
  const deploy: Command = { command: 'deploy', service: 'production/web' };
  const open = { ...ready, preview: { lines: [] } };
  expect(mayAct(deploy, emptyForm(deploy), open)).toBe(false);
  expect(mayAct(deploy, { ...emptyForm(deploy), image: 'web:main-7' }, open)).toBe(true);
});

test('what is sent is what the server takes of the command, and no empty member', () => {
  const form = { ...emptyForm(rollback), reason: ' wrong prices ', until: '2h', confirm: 'production/web', holdAfterwards: true };
  expect(commandOf(rollback, form, ready.preview)).toEqual({
    ...rollback,
    reason: 'wrong prices',
    confirm: 'production/web',
    holdAfterwards: true,
  });
  const hold: Command = { command: 'hold', service: '*' };
  expect(commandOf(hold, { ...form, reason: ' ' }, { lines: [] })).toEqual({ ...hold, until: '2h' });
  const deploy: Command = { command: 'deploy', repository: 'web' };
  expect(commandOf(deploy, { ...emptyForm(deploy), image: 'web:main-7' }, { lines: [] })).toEqual({
    command: 'deploy',
    image: 'web:main-7',
  });
});

test('an approval is of the image that was looked at', () => {
  const approve: Command = { command: 'approve', repository: 'web', stage: 'production' };
  expect(commandOf(approve, emptyForm(approve), { lines: [], digest })).toEqual({ ...approve, digest });
  const seen = { ...approve, digest: `sha256:${'1'.repeat(64)}` };
  expect(commandOf(seen, emptyForm(seen), { lines: [], digest })).toEqual(seen);
});

test('a preview is asked for by what the command is, not by what is typed', () => {
  const form = { ...emptyForm(rollback), reason: 'x', confirm: 'y' };
  expect(previewPath(previewed(rollback, form))).toBe('/api/preview?command=rollback&service=production%2Fweb');
  expect(previewPath(previewed({ command: 'deploy' }, { ...form, image: 'a/b:1&2' }))).toBe(
    '/api/preview?command=deploy&image=a%2Fb%3A1%262',
  );
});

test.each<readonly [Command, string, string]>([
  [rollback, 'Roll back production/web?', 'Roll back production/web'],
  [{ command: 'deploy', service: 'production/web', image: `web:main-7@${digest}` }, 'Deploy to production/web', 'Deploy main-7'],
  [{ command: 'deploy', image: `team/web@${digest}` }, 'Deploy an image', 'Deploy a1b2c3d4'],
  [{ command: 'unhold', service: '*' }, 'Release the hold of every service?', 'Release the hold'],
  [{ command: 'cancel', repository: 'web', stage: 'production' }, 'Cancel the release before production of web?', 'Cancel the release'],
])('%j is titled %s', (command, title, act) => {
  expect(wordsOf(command)).toMatchObject({ title, act });
});

test('what a command is about has one name', () => {
  expect(subjectOf({ command: 'rollbackRelease', repository: 'web' })).toBe('web');
});

test('a try after an answer is another intention, and after none the same', () => {
  expect([409, 422, 403].map(isAnswered)).toEqual([true, true, true]);
  expect([0, 500, 503].map(isAnswered)).toEqual([false, false, false]);
});

test('the panel shows the push as a command to paste, and a fault with what is left of it', () => {
  expect(putImageCommand('http://127.0.0.1:4566', { repository: 'web', tag: "a'b", behaviour: 'healthy' })).toContain(
    "--image-tag 'a'\\''b' --image-manifest file://events/images/healthy.json",
  );
  expect(faultText({ kind: 'throttleEcs', left: 14, of: 20 })).toBe('ECS throttled, 14 of 20 calls left');
});
