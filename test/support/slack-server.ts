import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of a Slack incoming webhook. */
export type SlackAnswer = { readonly status: number; readonly retryAfter?: number; readonly body: string };

export const accepted: SlackAnswer = { status: 200, body: 'ok' };
export const tooFast = (retryAfter: number): SlackAnswer => ({ status: 429, retryAfter, body: 'rate_limited' });
export const revoked: SlackAnswer = { status: 404, body: 'no_service' };

/** A server on loopback that answers as Slack does. */
export type SlackServer = {
  readonly url: string;
  /** The messages that it accepted. */
  readonly received: { readonly text: string; readonly attachments: readonly unknown[] }[];
  /** The next answers, one a request; then `always`. */
  answers: SlackAnswer[];
  always: SlackAnswer;
  readonly requests: () => number;
  close(): void;
};

export const startSlack = async (): Promise<SlackServer> => {
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests++;
      const answer = slack.answers.shift() ?? slack.always;
      if (answer.status === 200) slack.received.push(JSON.parse(Buffer.concat(chunks).toString()));
      const retry = answer.retryAfter === undefined ? {} : { 'retry-after': String(answer.retryAfter) };
      response.writeHead(answer.status, { connection: 'close', ...retry }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const slack: SlackServer = {
    url: `http://127.0.0.1:${port}/services/T0/B0/x`,
    received: [],
    answers: [],
    always: accepted,
    requests: () => requests,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return slack;
};
