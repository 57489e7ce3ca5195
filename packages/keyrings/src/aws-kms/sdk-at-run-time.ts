/**
 * What webpack takes for `#aws-sdk`. It would warn of an optional package that is not installed, so it leaves this import as it is:
 * a KMSClient then needs `@aws-sdk/client-kms` where the program runs. `KMS` of the same package needs nothing.
 */
type Sdk = typeof import('@aws-sdk/client-kms')

const sdk: Sdk = await import(/* webpackIgnore: true */ '@aws-sdk/client-kms')

export const GenerateDataKeyCommand: Sdk['GenerateDataKeyCommand'] = sdk.GenerateDataKeyCommand
export const EncryptCommand: Sdk['EncryptCommand'] = sdk.EncryptCommand
export const DecryptCommand: Sdk['DecryptCommand'] = sdk.DecryptCommand
export const DescribeKeyCommand: Sdk['DescribeKeyCommand'] = sdk.DescribeKeyCommand
