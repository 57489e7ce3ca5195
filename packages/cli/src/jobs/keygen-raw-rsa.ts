import { generateRsaKeyPair } from '@bongtu/crypto/node'
import type { KeygenRsaFlags } from '../commands/keygen.ts'
import { writeWholeFiles } from '../files/write-file.ts'
import type { Io } from '../io.ts'
import { encodePart } from '../key-uri/parse.ts'
import { tell } from '../terminal/messages.ts'
import { keyNamePath } from './key-name.ts'
import { pem } from './pem.ts'

const BITS = { '2048': 2048, '3072': 3072, '4096': 4096 } as const
const PADDING = 'oaep-sha256'

/** `bongtu keygen raw-rsa` */
export async function keygenRawRsa({ output, name: given, bits, force }: KeygenRsaFlags, io: Io): Promise<void> {
  const name = keyNamePath(given, output)
  const publicOutput = `${output}.pub`
  const { publicKeyDer, privateKeyDer } = await generateRsaKeyPair(BITS[bits])
  const files = [
    [output, pem('PRIVATE KEY', privateKeyDer)],
    [publicOutput, pem('PUBLIC KEY', publicKeyDer)],
  ] as const
  privateKeyDer.fill(0)
  await writeWholeFiles(files, force)
  tell(io, 'the first key encrypts, the second one decrypts')
  io.stdout.write(`raw-rsa:${name}?public-key-file=${encodePart(publicOutput)}&padding=${PADDING}\n`)
  io.stdout.write(`raw-rsa:${name}?private-key-file=${encodePart(output)}&padding=${PADDING}\n`)
}
