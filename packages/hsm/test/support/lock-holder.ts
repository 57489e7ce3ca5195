/** Takes the lock that the argument names, says so on standard output, and keeps it until it is killed. */
import { underLock } from '../../src/embedded/lock.ts'

await underLock(process.argv[2] ?? '', async () => {
  process.stdout.write('taken\n')
  await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1))
})
