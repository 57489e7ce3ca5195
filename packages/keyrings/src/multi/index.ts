import type { Keyring } from '@bongtu/client'
import { kindOf, type OptionNames, readOptions } from '@bongtu/crypto/options'
import { type Member, memberOf } from './member.ts'
import { unwrapWithFirst } from './unwrap.ts'
import { wrapWithAll } from './wrap.ts'

export interface MultiOptions {
  /** Generates the data key. Without it the keyring decrypts, and wraps what another keyring generated. */
  readonly generator?: Keyring
  /** Wrap the data key that the generator made, in this order. */
  readonly children?: readonly Keyring[]
}

const OPTIONS: OptionNames<MultiOptions> = { generator: true, children: true }

/**
 * Several keyrings as one (multi-keyring.md): each of them wraps the data key, and any one of them opens the message.
 *
 * Encryption fails where any of them fails. Decryption asks the generator, then the children in order, each with the
 * whole request, until one answers; what the others said is in `passedOver`, with their names.
 *
 * A multi keyring with a generator generates and so refuses to wrap a given data key; one without a generator wraps and
 * so refuses to generate. Nested in another, the first kind can be its generator, the second one of its children.
 *
 * @throws TypeError where there is no keyring at all, where one of them is no keyring, and for an unknown option.
 */
export function multi(options: MultiOptions): Keyring {
  const { generator: given, children: givenChildren = [] } = readOptions('multi', options, OPTIONS)
  if (!Array.isArray(givenChildren)) {
    throw new TypeError(`multi: children must be an array of keyrings, got ${kindOf(givenChildren)}`)
  }
  const generator: Member | null = given === undefined ? null : memberOf(given, 'generator')
  const children = givenChildren.map((child: Keyring, index) => memberOf(child, `children[${index}]`))
  const members = generator === null ? children : [generator, ...children]
  if (members.length === 0) throw new TypeError('multi: give a generator, children, or both')

  return Object.freeze<Keyring>({
    name: `multi(${members.map((member) => member.label).join(', ')})`,
    wrapDataKey: (request) => wrapWithAll(generator, children, request),
    unwrapDataKey: (request) => unwrapWithFirst(members, request),
  })
}
