import { type Operation, operation } from '../operation.js';
import { registryHost } from './registry-host.js';

/** The password with which Docker logs in to the registry, for twelve hours. The emulator has no registry for Docker: nothing reads it. */
export const getAuthorizationToken = (): Operation =>
  operation<object, unknown>({
    service: 'ecr',
    name: 'GetAuthorizationToken',
    input: {},
    run: (_input, { account }) => ({
      authorizationData: [
        {
          authorizationToken: Buffer.from('AWS:password-of-the-emulator').toString('base64'),
          expiresAt: new Date(account.clock.now + 12 * 3_600_000),
          proxyEndpoint: `https://${registryHost(account)}`,
        },
      ],
    }),
  });
