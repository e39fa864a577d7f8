/**
 * Replaces @aws-sdk/endpoint-cache in the bundles: the DynamoDB client creates one, but uses it only with endpoint
 * discovery, which is off by default.
 */
export class EndpointCache {
  get(): never {
    throw new Error('endpoint discovery is left out of the bundles; unset AWS_ENABLE_ENDPOINT_DISCOVERY');
  }

  getEndpoint(): never {
    return this.get();
  }
}
