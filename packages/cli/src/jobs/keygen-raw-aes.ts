import { defaultEngine } from '@bongtu/crypto'
import type { KeygenAesFlags } from '../commands/keygen.ts'
import { writeWholeFile } from '../files/write-file.ts'
import type { Io } from '../io.ts'
import { encodePart } from '../key-uri/parse.ts'
import { keyNamePath } from './key-name.ts'

/** `bongtu keygen raw-aes` */
export async function keygenRawAes(flags: KeygenAesFlags, io: Io): Promise<void> {
  const name = keyNamePath(flags.name, flags.output)
  const key = defaultEngine.random(Number(flags.bits) / 8)
  const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('base64')
  key.fill(0)
  await writeWholeFile(flags.output, `${text}\n`, flags.force)
  io.stdout.write(`raw-aes:${name}?key-file=${encodePart(flags.output)}\n`)
}
