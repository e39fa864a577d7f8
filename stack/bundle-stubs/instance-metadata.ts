/** Replaces the SDK's request to EC2 in the bundles: a function has its Region in AWS_REGION. */
export const getInstanceMetadataRegion = async (): Promise<undefined> => undefined;
