import type { EmulatorState } from '../../page/api.js';
import { applyEvent, clock, emulator, showEmulator } from '../../page/client/state.js';

const state = (now: string, lines: readonly number[]): EmulatorState => ({
  url: 'http://127.0.0.1:4566',
  clock: { now, speed: 60 },
  day: 1,
  repositories: [],
  faults: [],
  events: Math.max(0, ...lines),
  log: lines.map((number) => ({ number, time: now, source: 'ecs', type: 'task', text: '' })),
});

describe('the emulator', () => {
  it('sets the page’s clock with each of its states, and keeps the lines of its log in order', () => {
    showEmulator(state('2026-11-23T09:00:00.000Z', [2, 1]));
    applyEvent({ type: 'emulator', data: { ...state('2026-11-23T09:01:00.000Z', []), events: 2 } });
    expect(clock.value).toEqual({ now: '2026-11-23T09:01:00.000Z', speed: 60 });
    applyEvent({ type: 'log', data: state('', [3, 2]).log });
    expect(emulator.value?.log.map(({ number }) => number)).toEqual([3, 2, 1]);
  });

  it('begins its log again after a reset', () => {
    showEmulator(state('2026-11-23T10:00:00.000Z', [9, 8]));
    showEmulator(state('2026-11-23T09:00:00.000Z', [2, 1]));
    expect(emulator.value?.log.map(({ number }) => number)).toEqual([2, 1]);
  });
});
