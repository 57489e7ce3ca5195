import type { Kms } from '@bongtu/keyrings/aws-kms'

type Call = 'generateDataKey' | 'encrypt' | 'decrypt' | 'describeKey'

export interface StubKms extends Kms {
  /** What was asked, in order. */
  readonly asked: {
    readonly call: Call
    readonly request: Readonly<Record<string, unknown>>
    readonly options: unknown
  }[]
}

type Answers = Partial<{ [Name in Call]: (request: never, options?: { abortSignal?: AbortSignal }) => unknown }>

/** A KMS of the test's own, which answers as it is told and refuses what it is not. */
export function stubKms(answers: Answers, region?: string): StubKms {
  const asked: StubKms['asked'] = []
  const answering =
    (call: Call) =>
    async (request: object, options?: object): Promise<never> => {
      asked.push({ call, request: { ...request }, options })
      const answer = answers[call]
      if (answer === undefined) throw new Error(`${call} was not expected`)
      return (await answer(request as never, options)) as never
    }
  return {
    asked,
    generateDataKey: answering('generateDataKey'),
    encrypt: answering('encrypt'),
    decrypt: answering('decrypt'),
    ...(answers.describeKey === undefined ? {} : { describeKey: answering('describeKey') }),
    ...(region === undefined ? {} : { config: { region: async () => region } }),
  }
}
