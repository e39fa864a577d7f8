import type { AwsCredentialIdentityProvider } from '@smithy/types';

/**
 * Replaces @aws-sdk/credential-provider-node in the bundles (stack/bundles.ts): Lambda passes the credentials of a function's role in
 * the environment alone (Lambda Developer Guide, "Defined runtime environment variables"), and the SDK's provider chain would be 40 %
 * of a bundle.
 * @throws Error if the environment has no credentials
 */
export const defaultProvider = (): AwsCredentialIdentityProvider => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('there are no credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; set both, as Lambda does');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};
