import { tags } from '../properties.js';
import { physicalName, resourceType } from '../resource-type.js';

// Buckets are names only: the zip files of the deployment bucket are in the artifacts' folder.

export const s3Bucket = resourceType<{ BucketName?: string }>({
  type: 'AWS::S3::Bucket',
  shapes: {
    BucketName: 'string',
    BucketEncryption: 'json',
    PublicAccessBlockConfiguration: 'json',
    VersioningConfiguration: 'json',
    LifecycleConfiguration: 'json',
    OwnershipControls: 'json',
    Tags: tags,
  },
  required: [],
  update: 'changed',
  isNoop: true,
  deploy: ({ BucketName }, deploying) => {
    const { partition, region } = deploying.account;
    const name = BucketName ?? physicalName(deploying, 63).toLowerCase();
    return {
      ref: name,
      attributes: {
        Arn: `arn:${partition}:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    };
  },
});

export const s3BucketPolicy = resourceType<{ Bucket: string }>({
  type: 'AWS::S3::BucketPolicy',
  shapes: { Bucket: 'string', PolicyDocument: 'json' },
  required: ['Bucket', 'PolicyDocument'],
  update: 'changed',
  isNoop: true,
  deploy: ({ Bucket }) => ({ ref: Bucket }),
});
