import { type Place, partitionOf } from '../keys/arn.ts'
import { printPolicy } from './print.ts'

/** What a key gets where its maker gives no policy: the account may do everything, and delegate by its IAM policies. */
export function defaultPolicy({ account, region }: Place): string {
  return printPolicy({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
}
