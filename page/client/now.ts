import { effect, signal } from '@preact/signals';
import { clock } from './state.js';

/** The server's time, in milliseconds: of its clock event, counted on once a second by the clock's speed. */
export const now = signal(0);

/** Counts `now` on until the returned function is called. */
export const startClock = (): (() => void) => {
  let heard = performance.now();
  const tick = () => {
    const { now: time, speed } = clock.peek();
    now.value = Date.parse(time) + (performance.now() - heard) * speed;
  };
  const stopListening = effect(() => {
    now.value = Date.parse(clock.value.now);
    heard = performance.now();
  });
  const timer = setInterval(tick, 1000);
  return () => {
    clearInterval(timer);
    stopListening();
  };
};
