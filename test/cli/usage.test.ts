import { createServer } from 'node:net';
import { startCli } from './run-cli.js';

describe('an invalid command line is rejected with status 64 and a message', () => {
  test.each([
    { args: ['start', '--port', '99999'], says: ['--port', '99999', 'Expected a whole number from 0 (any free port) to 65535.'] },
    { args: ['start', '--port', 'abc'], says: ['--port', 'abc', 'Expected a whole number'] },
    { args: ['start', '--speed', '0'], says: ['--speed', '0', 'Expected a number from 0.01 to 10000.'] },
    { args: ['start', '--task-definition', 'web'], says: ['--task-definition', 'web', 'Expected cluster/service=file.'] },
    { args: ['demo', '--sped'], says: ["unknown option '--sped'"] },
    { args: ['deploy'], says: ["unknown command 'deploy'"] },
  ])('$args', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await startCli(...args).finished;

    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    for (const part of says) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('a port that is in use is reported without a stack', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const { exitCode, stderr } = await startCli('start', '--port', String(port)).finished;
  await new Promise((resolve) => server.close(resolve));

  expect(exitCode).toBe(1);
  expect(stderr).toBe(`port ${port} of 127.0.0.1 is in use; choose another one with --port\n`);
});

test('errors of the configuration are reported with their lines, and without a stack', async () => {
  const { exitCode, stderr } = await startCli('start', '--port', '0', '--config', 'test/stack/invalid.yml').finished;

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^test\/stack\/invalid\.yml:\d+: /);
  expect(stderr).not.toMatch(/^\s+at /m);
});
