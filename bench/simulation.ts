import { openAccount, type ServiceShape, type Stack } from './account.js';
import { median } from './median.js';

/** How long the emulator takes for consecutive deployments of one service. */
export type Simulation = {
  readonly deployments: number;
  /** Virtual, of the median deployment. */
  readonly virtualSeconds: number;
  /** Real, of the median deployment and the slowest. */
  readonly milliseconds: number;
  readonly slowest: number;
  readonly perSecond: number;
};

const WARM_UP = 20;
const DEPLOYMENTS = 60;

/** Deploys two images alternately in one account, which keeps the whole history. */
export const simulation = async (stack: Stack, shape: ServiceShape): Promise<Simulation> => {
  const bench = await openAccount(stack, shape);
  try {
    const images = [await bench.image('second'), await bench.image('third')];
    const real: number[] = [];
    const virtual: number[] = [];
    for (let number = 0; number < WARM_UP + DEPLOYMENTS; number++) {
      const start = performance.now();
      const { startTime, stopTime = startTime } = await bench.deploy(images[number % 2] as string);
      if (number < WARM_UP) continue;
      real.push(performance.now() - start);
      virtual.push((stopTime - startTime) / 1000);
    }
    const seconds = real.reduce((sum, milliseconds) => sum + milliseconds) / 1000;
    return {
      deployments: DEPLOYMENTS,
      virtualSeconds: median(virtual),
      milliseconds: median(real),
      slowest: Math.max(...real),
      perSecond: DEPLOYMENTS / seconds,
    };
  } finally {
    await bench.close();
  }
};
