import type { Configuration, UrlCheck } from '../../core/configuration/configuration.js';
import { type Probe, VerifyUrlInput } from '../../core/step/contracts.js';
import { type Answer, continuesLater, judge, secondsToProbe, urlCheckOf } from '../../core/verification/url-check.js';
import { defineStep } from '../runtime/define-step.js';
import { type Network, network } from '../runtime/network.js';
import { atPackaging } from '../runtime/permissions.js';
import { requestUrl } from '../shared/request-url.js';

type Deps = {
  readonly configuration: Configuration;
  readonly request: (check: UrlCheck) => Promise<Answer>;
  readonly timers: Pick<Network, 'setTimeout' | 'clearTimeout'>;
};

/**
 * Requests the URL until it answers as expected, or the time is over. It waits inside of the invocation: nothing reports that a URL has
 * begun to answer (docs/adr/0026).
 */
export const verifyUrl =
  ({ configuration, request, timers }: Deps) =>
  async ({ repository, service, until, now }: VerifyUrlInput): Promise<Probe> => {
    const check = urlCheckOf(configuration, repository, service);
    const end = timerOf(timers, secondsToProbe(until, now));
    try {
      for (;;) {
        const pause = timerOf(timers, check.everySeconds);
        const { isFinal, ...probe } = judge(check, await request(check));
        if (!isFinal) await Promise.race([pause.fired, end.fired]);
        pause.cancel();
        if (isFinal) return probe;
        if (end.isOver()) return continuesLater(until, now) ? { ...probe, outcome: 'continues' } : probe;
      }
    } finally {
      end.cancel();
    }
  };

const timerOf = (timers: Deps['timers'], seconds: number) => {
  let isOver = false;
  let timer: unknown;
  const fired = new Promise<void>((resolve) => {
    timer = timers.setTimeout(() => {
      isOver = true;
      resolve();
    }, seconds * 1000);
  });
  return { fired, isOver: () => isOver, cancel: () => timers.clearTimeout(timer) };
};

export const { step, handler } = defineStep({
  name: 'VerifyUrl',
  input: VerifyUrlInput,
  permissions: atPackaging([
    {
      allow: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      on: 'networkInterfaces',
      for: 'its network interfaces in the subnets of `stack.vpc`; without it, the function has no such permission',
      onlyIf: ({ stack }) => stack?.vpc !== undefined,
    },
  ]),
  onFailure: atPackaging('rolled back: nothing was verified'),
  onRepeat: atPackaging('requests the URL again'),
  run: ({ configuration, network: given = network }) =>
    verifyUrl({ configuration, request: (check) => requestUrl(given, check), timers: given }),
});
