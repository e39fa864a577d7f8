import type { AwsCredentialIdentityProvider } from '@smithy/types';

/**
 * Takes the place of @aws-sdk/credential-provider-node in the bundles (stack/bundles.ts): Lambda gives a function its role's
 * credentials in the environment and nowhere else, and the SDK's whole chain would be 40 % of a bundle.
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
