/**
 * Takes the place of @aws-sdk/endpoint-cache in the bundles: DynamoDB's client makes one, and uses it only where endpoint
 * discovery is switched on, which it is nowhere but in Timestream.
 */
export class EndpointCache {
  get(): never {
    throw new Error('endpoint discovery is left out of the bundles; unset AWS_ENABLE_ENDPOINT_DISCOVERY');
  }

  getEndpoint(): never {
    return this.get();
  }
}
