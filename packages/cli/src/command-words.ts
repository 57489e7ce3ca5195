/** What errors of the libraries advise to a program, and what somebody at a shell does instead. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/pass unverified: 'release'/, 'give --unverified release'],
  [/name another algorithmSuite/, 'name another one with --suite'],
  [/set insecure to/, 'give --insecure to'],
  [
    /pass kms: new KMSClient\(\) of @aws-sdk\/client-kms/,
    'have the AWS CLI, version 2, hand them over first: eval "$(aws configure export-credentials --format env)"',
  ],
]

/** Options of the libraries that are options of commands too. */
const options =
  /\b(?:allowPlainHttp|commitmentPolicy|frameLength|maxEncryptedDataKeys|maxFrameLength|maxHeaderLength)\b/g

/** The text of a library's error, in the words of this command. */
export function inCommandWords(text: string): string {
  const advised = advice.reduce((known, [words, instead]) => known.replace(words, () => instead), text)
  return advised.replace(options, (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
}
