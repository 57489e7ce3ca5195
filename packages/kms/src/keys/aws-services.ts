interface AwsService {
  /** As the key policy names the service. */
  readonly name: string
  /** What the key protects. */
  readonly data: string
  /** The first label of the service's host name, where it is not the name in the alias. */
  readonly endpoint?: string
}

/** The services that have an alias `alias/aws/…` in every account, by its last part. */
export const awsServices = {
  acm: { name: 'ACM', data: 'ACM private keys' },
  backup: { name: 'Backup', data: 'Backup vaults' },
  codecommit: { name: 'CodeCommit', data: 'CodeCommit repositories' },
  connect: { name: 'Connect', data: 'Connect data' },
  dms: { name: 'DMS', data: 'DMS replication instances' },
  dynamodb: { name: 'Amazon DynamoDB', data: 'DynamoDB data' },
  ebs: { name: 'EBS', data: 'EBS volumes', endpoint: 'ec2' },
  elasticfilesystem: { name: 'EFS', data: 'EFS filesystems' },
  es: { name: 'Elasticsearch', data: 'Elasticsearch data' },
  fsx: { name: 'FSx', data: 'FSx file systems' },
  glue: { name: 'Glue', data: 'Glue data' },
  kafka: { name: 'MSK', data: 'MSK data volumes' },
  kendra: { name: 'Kendra', data: 'Kendra data' },
  kinesis: { name: 'Kinesis', data: 'Kinesis streams' },
  kinesisvideo: { name: 'Kinesis Video Streams', data: 'Kinesis Video Streams data' },
  lambda: { name: 'AWS Lambda', data: 'Lambda functions' },
  lex: { name: 'Lex', data: 'Lex data' },
  rds: { name: 'RDS', data: 'RDS database volumes' },
  redshift: { name: 'Redshift', data: 'Redshift clusters' },
  s3: { name: 'S3', data: 'S3 objects' },
  secretsmanager: { name: 'AWS Secrets Manager', data: 'Secrets Manager data' },
  ses: { name: 'SES', data: 'SES messages' },
  sns: { name: 'SNS', data: 'SNS messages' },
  sqs: { name: 'SQS', data: 'SQS messages' },
  ssm: { name: 'SSM', data: 'SSM parameters' },
  timestream: { name: 'Timestream', data: 'Timestream databases' },
  workspaces: { name: 'WorkSpaces', data: 'WorkSpaces volumes' },
  xray: { name: 'X-Ray', data: 'X-Ray data' },
} as const satisfies Readonly<Record<string, AwsService>>

export type AwsServiceId = keyof typeof awsServices

export function awsServiceOf(id: AwsServiceId): AwsService {
  return awsServices[id]
}
