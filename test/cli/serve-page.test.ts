import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../../cli/context.js';
import { parsePort, servePage } from '../../cli/serve-page.js';
import type { Source } from '../../page/server/source.js';

const serve = (port: number, options: { readonly json?: boolean } = {}) => {
  const stop = new AbortController();
  const source = { closed: 0, listen: () => () => {}, close: () => source.closed++ };
  const noted: string[] = [];
  let printed: (text: string) => void = () => {};
  const line = new Promise<string>((resolve) => {
    printed = resolve;
  });
  const context = {
    options: { json: false, ...options },
    signal: stop.signal,
    terminal: { print: printed, note: (text: string) => noted.push(text) },
  } as unknown as Context;
  const client = { stage: 'prod', region: 'eu-west-1' };
  const status = servePage(context, { client, source: source as unknown as Source, assets: [] }, port);
  return { stop, source, noted, line, status };
};

test('the first line is the address with its token; the signal ends the page, with status 0', async () => {
  const { stop, source, line, status, noted } = serve(0);
  const url = await line;

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
  expect(noted).toEqual([expect.stringContaining('stage prod in eu-west-1')]);
  expect((await fetch(url)).status).toBe(200);
  stop.abort();
  expect(await status).toBe(0);
  expect(source.closed).toBe(1);
  await expect(fetch(url)).rejects.toThrow();
});

test('with --json it is an object, and nothing else is printed', async () => {
  const { stop, line, status, noted } = serve(0, { json: true });

  expect(JSON.parse(await line)).toEqual({ page: { url: expect.stringMatching(/^http:/) } });
  expect(noted).toEqual([]);
  stop.abort();
  await status;
});

test('a port that is taken is an error of usage that names the option, and ends the reads', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const { source, status } = serve(port);
    await expect(status).rejects.toMatchObject({ status: 64, code: 'EADDRINUSE', message: expect.stringContaining('--port') });
    expect(source.closed).toBe(1);
  } finally {
    other.close();
  }
});

test.each(['', '-1', '65536', '80a', '1e3', '0x50', ' 80', '123456'])('%j is no port', (text) => {
  expect(() => parsePort(text, '--port')).toThrow(expect.objectContaining({ status: 64, message: expect.stringContaining('--port is') }));
});

test.each([
  ['0', 0],
  ['4567', 4567],
  ['65535', 65_535],
])('%j is port %i', (text, port) => {
  expect(parsePort(text, '--port')).toBe(port);
});
