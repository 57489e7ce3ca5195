import { type Place, partitionOf } from '../keys/arn.ts'
import { type AwsServiceId, awsServiceOf } from '../keys/aws-services.ts'
import { printPolicy } from './print.ts'

/** The policy of the key behind `alias/aws/<service>`: use through the service, direct access to metadata only. */
export function awsManagedPolicy({ account, region }: Place, service: AwsServiceId): string {
  const { name, endpoint = service } = awsServiceOf(service)
  return printPolicy({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${name} for all principals in the account that are authorized to use ${name}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `${endpoint}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  })
}
