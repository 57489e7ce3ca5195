export * from '@bongtu/client'
export { type MultiOptions, multi } from '@bongtu/keyrings/multi'
export { type RawAesOptions, rawAes } from '@bongtu/keyrings/raw-aes'
export { type RawRsaOptions, rawRsa } from '@bongtu/keyrings/raw-rsa'
