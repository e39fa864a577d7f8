import { defaultProvider } from '../../aws/environment-credentials.js';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

test('the credentials are those of the environment', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });

  await expect(defaultProvider()()).resolves.toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

test('without credentials in the environment the error names the variables', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;

  await expect(defaultProvider()()).rejects.toThrow(
    'there are no credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; set both, as Lambda does',
  );
});
