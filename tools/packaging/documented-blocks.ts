/** What the `sh` blocks of the documents need beside what is printed, by document and by how their first line begins. */
export interface DocumentedBlock {
  readonly document: string
  readonly begins: string
  /** Why it is not run: it installs. */
  readonly excepted?: string
  /** Shell lines for what a reader has already: files, keys, credentials. */
  readonly before?: string
  /** Shell lines that fail unless the block did what the document says. */
  readonly after?: string
  /** Values for placeholders. */
  readonly values?: Readonly<Record<string, string>>
}

const awsKey = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const keyOfConnect = '0a1b2c3d-1111-4222-8333-444455556666'
/** As AWS services write messages: signed, without key commitment, in Base64. */
const asServices = '--suite 0x0378 --commitment-policy forbid-encrypt-allow-decrypt | base64 -w 0'

export const documentedBlocks: readonly DocumentedBlock[] = [
  { document: 'README.md', begins: 'npm ci && npm run demo', excepted: 'installs; the packaging tests run the demo' },
  { document: 'README.md', begins: 'npm ci && npm run build', excepted: 'installs; the built tree is what it makes' },
  {
    document: 'README.md',
    begins: 'npx --no-install bongtu encrypt',
    after: 'cmp README.md copy.md',
  },
  { document: 'docs/hsm.md', begins: 'apt-get install', excepted: 'installs' },
  { document: 'docs/hsm.md', begins: 'mkdir -p softhsm', after: 'cmp report.txt back.txt' },
  {
    document: 'docs/hsm.md',
    begins: 'ROOT=',
    after: 'curl -s --retry 20 --retry-delay 1 --retry-connrefused http://127.0.0.1:4599/readyz',
  },
  {
    document: 'docs/kms.md',
    begins: 'bongtu kms start &',
    after:
      'for port in 4600 4601; do curl -s --retry 20 --retry-delay 1 --retry-connrefused http://127.0.0.1:$port/readyz; done',
  },
  {
    document: 'docs/kms.md',
    begins: 'bongtu kms keys',
    before: "umask 077; printf 'correct horse battery staple\\n' > passphrase.txt",
    after: 'test "$(bongtu kms keys --json --data restored | jq -r .arn)" = "$(bongtu kms keys --json | jq -r .arn)"',
  },
  {
    document: 'docs/data-key-caching.md',
    begins: 'bongtu encrypt -r photos',
    before: 'KEY=local-kms:alias/photos; mkdir photos; for name in a b c; do echo $name > photos/$name; done',
    after: 'diff -r photos photos-again',
  },
  {
    document: 'docs/aws-kms-keyrings.md',
    begins: 'bongtu encrypt report.pdf',
    before: [
      'echo report > report.pdf',
      'mkdir -p "$HOME/.aws" vault',
      'printf \'[dev]\\naws_access_key_id = 111122223333\\naws_secret_access_key = any\\n\' > "$HOME/.aws/credentials"',
      'echo kept | bongtu encrypt -k local-kms:alias/bongtu > vault/kept.esdk',
    ].join('\n'),
    after: [
      'for number in 1 2 3; do cmp report.pdf $number.pdf; done',
      `bongtu decrypt report.pdf.esdk -o - -k aws-kms:${awsKey} | cmp - report.pdf`,
      `test "$(bongtu decrypt vault/kept.esdk -o - -k aws-kms:${awsKey})" = kept`,
    ].join('\n'),
  },
  {
    document: 'docs/aws-services.md',
    begins: 'jq -r .key record.json',
    before: [
      'context=aws:rds:dbc-id=cluster-ABCD123456',
      'made=$(aws kms generate-data-key --key-id alias/app --key-spec AES_256 --encryption-context $context --output json)',
      '(umask 077; echo "$made" | jq -r .Plaintext > data.key)',
      `events=$(echo an event | gzip | bongtu encrypt -k 'raw-aes:BC/DataKey?key-file=data.key' ${asServices})`,
      'echo "$made" | jq --arg events "$events" \'{ key: .CiphertextBlob, databaseActivityEvents: $events }\' > record.json',
    ].join('\n'),
  },
  {
    document: 'docs/aws-services.md',
    begins: 'jq -r .request.code',
    before: [
      `code=$(echo 123456 | bongtu encrypt -k aws-kms:${awsKey} ${asServices})`,
      'jq -n --arg code "$code" \'{ request: { code: $code } }\' > event.json',
    ].join('\n'),
  },
  {
    document: 'docs/aws-services.md',
    begins: "bongtu decrypt -k 'raw-rsa:AmazonConnect",
    before: [
      '(umask 077; openssl genrsa -out connect.pem 2048 2> /dev/null)',
      'openssl rsa -in connect.pem -pubout -out public.pem 2> /dev/null',
      `key='raw-rsa:AmazonConnect/${keyOfConnect}?public-key-file=public.pem&padding=oaep-sha512'`,
      `echo 4111 | bongtu encrypt -k "$key" ${asServices} > customer-input.txt`,
    ].join('\n'),
    values: { 'KEY-ID': keyOfConnect },
  },
]

/** The documents whose lines call AWS itself, by its names: there the bundled KMS answers to these names. */
export const documentsAboutAws: readonly string[] = ['docs/aws-kms-keyrings.md', 'docs/aws-services.md']

/** A seed with the key that these documents name. */
export const awsSeed = {
  keys: [{ id: '1234abcd-12ab-34cd-56ef-1234567890ab', region: 'eu-west-1', aliases: ['alias/app'] }],
}
