import fc from 'fast-check';
import type { Behaviour } from '../../emulator/services.js';
import { type Packaged, packageStack } from '../../stack/package-stack.js';
import { closePipelines, givenPipeline } from '../support/pipeline.js';

/** More by `SEEDS=200 npx jest test/scenarios/races`; one that fails is printed, and replays exactly. */
const seeds = Number(process.env.SEEDS ?? 12);

let packaged: Packaged;
beforeAll(() => {
  packaged = packageStack('test/support/one-service.yml');
}, 60_000);
afterAll(() => packaged.remove());

type Push = { readonly afterMs: number; readonly behaviour: Behaviour; readonly delivery: 'once' | 'doubled' | 'delayed' };
type Race = {
  readonly seed: number;
  readonly pushes: readonly Push[];
  readonly person: 'nobody' | 'rolls back' | 'forces a new deployment';
};

const push: fc.Arbitrary<Push> = fc.record({
  // A third of them while the one before is in flight.
  afterMs: fc.oneof(
    fc.integer({ min: 0, max: 60_000 }),
    fc.integer({ min: 60_000, max: 600_000 }),
    fc.integer({ min: 600_000, max: 1_800_000 }),
  ),
  behaviour: fc.constantFrom<Behaviour>('healthy', 'healthy', 'crashes-on-start', 'cannot-pull', 'slow-to-start'),
  delivery: fc.constantFrom('once', 'once', 'doubled', 'delayed'),
});

const race: fc.Arbitrary<Race> = fc.record({
  seed: fc.nat(),
  pushes: fc.array(push, { minLength: 2, maxLength: 5 }),
  person: fc.constantFrom('nobody', 'nobody', 'nobody', 'rolls back', 'forces a new deployment'),
});

const works = (behaviour: Behaviour): boolean => behaviour === 'healthy' || behaviour === 'slow-to-start';

test('whatever races, the service runs the newest push if it works, else what was good before it, and all is told', async () => {
  await fc.assert(
    fc.asyncProperty(race, async ({ seed, pushes, person }) => {
      const stack = { directory: packaged.directory, configurationFile: 'test/support/one-service.yml' };
      const pipeline = await givenPipeline({ seed, stack, services: { 'production/web': { tasks: 2 } } });
      try {
        const { clock, faults, services } = pipeline.world;
        const [first = ''] = pipeline.running('production/web');
        const done: { readonly digest: string; readonly behaviour: Behaviour; readonly second: number }[] = [];
        for (const [index, { afterMs, behaviour, delivery }] of pushes.entries()) {
          await clock.advance(afterMs);
          if (delivery !== 'once') faults.injectDelivery({ rule: 'push', kind: delivery, delayMs: 300_000 });
          const second = Math.floor(clock.now / 1000);
          done.push({ digest: await pipeline.push(`main-${index + 2}`, behaviour, `${seed}-${index}`), behaviour, second });
        }
        if (person === 'rolls back') await pipeline.start('deployment', { service: 'production/web', rollback: true });
        if (person === 'forces a new deployment') await pipeline.forceNewDeployment('production/web');
        await clock.advance(4 * 3_600_000);

        const newest = done.toSorted((a, b) => a.second - b.second || (a.digest < b.digest ? -1 : 1)).at(-1);
        const running = pipeline.running('production/web');
        const good = [first, ...done.filter(({ behaviour }) => works(behaviour)).map(({ digest }) => digest)];
        expect(running).toHaveLength(1);
        expect(good).toContain(running[0]);
        if (person !== 'rolls back' && newest && works(newest.behaviour)) expect(running).toEqual([newest.digest]);

        const executions = services.states.executions();
        expect(executions.filter(({ status }) => status === 'RUNNING')).toEqual([]);
        const told = new Set(pipeline.messages().map(({ id }) => id));
        for (const { arn, input } of executions) {
          const isOfRelease = typeof input === 'object' && input !== null && 'release' in input;
          expect(isOfRelease || told.has(arn)).toBe(true);
        }
      } finally {
        await closePipelines();
      }
    }),
    { numRuns: seeds, endOnFailure: true, seed: 20_261_123 },
  );
}, 240_000);
