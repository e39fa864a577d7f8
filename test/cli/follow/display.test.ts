import { Terminal } from '@xterm/headless';
import pico from 'picocolors';
import { type Display, displayOf } from '../../../cli/follow/display.js';
import type { Seen } from '../../../cli/follow/state.js';
import { resultOf } from '../../../core/result/result.js';
import { at, deployed, deployment, digest, done, followed, release, stage } from './given.js';

const client = { stage: 'prod', region: 'eu-west-1' };
const seen = (view: ReturnType<typeof release>): Seen => ({ kind: 'release', view });
const crashed = resultOf('ROLLED_BACK', 'CRASHED', 'three tasks failed: exit 1 in app');

const lineDisplay = ({ json = false, environment = {} }: { json?: boolean; environment?: Record<string, string> } = {}) => {
  const lines: string[] = [];
  const terminal = { width: Number.POSITIVE_INFINITY, colors: pico.createColors(false), print: (text: string) => lines.push(text) };
  const place = { terminal, options: { json }, environment, now: () => new Date(at(0)) } as unknown as Parameters<typeof displayOf>[0];
  return { lines, display: displayOf(place, client) };
};

describe('without a terminal', () => {
  test('each event is one line, once', () => {
    const { lines, display } = lineDisplay();
    const progress = (running: number) => deployment({ progress: { desired: 2, running, pending: 2 - running, failed: 0 } });
    const begun = release({ stages: [stage('staging', 'running', progress(1)), stage('production', 'ahead')] });
    for (const view of [begun, begun, release({ stages: [stage('staging', 'running', progress(2))] })]) display.show(seen(view), at(0));
    const staging = stage('staging', 'succeeded', deployment({ result: deployed }));
    const waiting = { stage: 'production', for: 'approval', since: at(0), until: at(7200) } as const;
    display.show(seen(release({ stages: [staging, stage('production', 'waiting')], waiting })), at(0));
    display.show(
      seen(release({ stages: [staging, stage('production', 'running')], approvals: [{ stage: 'production', by: 'ada', at: at(1) }] })),
      at(0),
    );

    expect(lines.map((line) => line.slice('12:00:00 '.length))).toEqual([
      'release of my-learn-app:main-7 (aaaaaaaaaaaa) has begun, by a push: https://console.example/r-1',
      '▸ stage staging begins',
      expect.stringMatching(/^▸ staging\/web: rolling out .*1\/2 running, 1 pending$/),
      expect.stringMatching(/^▸ staging\/web: rolling out .*2\/2 running$/),
      '✓ staging/web: deployed',
      '✓ stage staging has succeeded',
      '… waits for approval before production, times out in 2 h',
      '▸ stage production begins',
      'approved: production, by ada at 2026-11-23 12:00 UTC',
    ]);
    expect(lines[0]).toMatch(/^12:00:00 /);
  });

  test('the log of what fails is shown once, when it is known', () => {
    const { lines, display } = lineDisplay();
    const log = { container: 'app', lines: ['Error: no database'] };
    const failing = (count: number, more = {}) =>
      release({
        stages: [
          stage(
            'staging',
            'running',
            deployment({
              phase: 'rollingBack',
              failures: [{ count, description: 'exit 1 in app' }],
              rollback: { since: at(3), method: 'ecs', reason: 'CRASHED', message: 'tasks failed' },
              ...more,
            } as never),
          ),
        ],
      });
    for (const view of [failing(1), failing(2, { log }), failing(3, { log })]) display.show(seen(view), at(0));

    expect(lines.filter((line) => line.includes('│ Error: no database'))).toHaveLength(1);
    expect(lines.join('\n')).toContain('last lines of app:');
  });

  test('GitHub’s runner sees no command in what containers wrote', () => {
    const log = { container: 'app', lines: ['##[add-mask]a', '::add-mask::b', 'a ::b::'] };
    const view = release({ stages: [stage('staging', 'failed', deployment({ result: crashed, log }))] });
    const { lines, display } = lineDisplay({ environment: { GITHUB_ACTIONS: 'true' } });
    display.show(seen(view), at(0));

    expect(lines.filter((line) => line.includes('##[') || line.trim().startsWith('::'))).toEqual([]);
    expect(lines.join('\n')).toContain('# #[add-mask]a');
  });

  test('--json writes one object a line: a view when it changed, notes, and the end with what to run', async () => {
    const { lines, status } = await followed({
      json: true,
      answers: [
        { image: { repository: 'my-learn-app', tag: 'main-7', digest, pushedAt: at(-5) } },
        { release: release() },
        { release: release() },
        { release: done({ result: crashed }) },
      ],
    });
    const events = lines.map((line) => JSON.parse(line) as { event: string });

    expect(status).toBe(11);
    expect(events.map(({ event }) => event)).toEqual(['note', 'release', 'release', 'end']);
    expect(events[1]).toEqual({ event: 'release', at: at(2), release: release() });
    expect(events[3]).toEqual({
      event: 'end',
      at: at(6),
      status: 11,
      code: 'CRASHED',
      message: 'ROLLED_BACK (CRASHED): three tasks failed: exit 1 in app',
      result: crashed,
      link: 'https://console.example/r-1',
      commands: [['show', 'r-1']],
    });
  });
});

describe('on a terminal', () => {
  const given = (columns: number, rows = 24) => {
    const screen = new Terminal({ cols: columns, rows, allowProposedApi: true });
    const stream = {
      get columns() {
        return screen.cols;
      },
      get rows() {
        return screen.rows;
      },
      isTTY: true,
      write: (text: string) => screen.write(text.replaceAll('\n', '\r\n')),
    };
    const terminal = { width: columns, colors: pico.createColors(false), print: () => {}, screen: stream };
    const place = { terminal, options: { json: false }, environment: {}, now: () => new Date(at(30)) } as unknown as Parameters<
      typeof displayOf
    >[0];
    const display: Display = displayOf(place, client);
    const shown = async () => {
      await new Promise<void>((resolve) => screen.write('', resolve));
      const { buffer } = screen;
      return Array.from({ length: buffer.active.length }, (_, row) => buffer.active.getLine(row)?.translateToString(true) ?? '').filter(
        Boolean,
      );
    };
    return { screen, display, shown };
  };

  test.each([80, 120])('of %i columns the tree is drawn in place, and stays at the end', async (columns) => {
    const { display, shown } = given(columns);
    display.note('NOT_PUSHED', 'waits for its push');
    display.show(seen(release()), at(30));
    display.show(
      seen(release({ stages: [stage('staging', 'succeeded', deployment({ result: deployed })), stage('production', 'running')] })),
      at(30),
    );
    display.end({ kind: 'end', status: 11, code: 'CRASHED', message: 'ROLLED_BACK', commands: [['show', 'r-1']] });
    display.close();

    const lines = await shown();
    expect(lines.filter((line) => line.includes('my-learn-app:main-7'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('waits for its push'))).toEqual([]);
    expect(lines.some((line) => /✓ staging/.test(line))).toBe(true);
    expect(lines.slice(-2)).toEqual(['ROLLED_BACK', 'npx --no-install slipway show r-1 --stage prod --region eu-west-1']);
  });

  test('a window that becomes narrower or lower leaves no remains', async () => {
    const { screen, display, shown } = given(120);
    display.show(seen(release()), at(30));
    await shown();
    screen.resize(60, 12);
    display.show(seen(release()), at(30));
    display.show(seen(release()), at(30));
    display.close();

    expect((await shown()).filter((line) => line.includes('staging/web'))).toHaveLength(1);
  });
});
