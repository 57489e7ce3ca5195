import { existsSync } from 'node:fs'

/** The PKCS#11 modules that tests run on, where Debian and others put them. */
const libraries = {
  softhsm: {
    install: 'apt-get install softhsm2',
    paths: [
      '/usr/lib/softhsm/libsofthsm2.so',
      '/usr/lib64/pkcs11/libsofthsm2.so',
      '/usr/local/lib/softhsm/libsofthsm2.so',
      '/opt/homebrew/lib/softhsm/libsofthsm2.so',
    ],
  },
  nss: {
    install: 'apt-get install libnss3 libnss3-tools',
    paths: [
      '/usr/lib/x86_64-linux-gnu/libsoftokn3.so',
      '/usr/lib/aarch64-linux-gnu/libsoftokn3.so',
      '/usr/lib64/libsoftokn3.so',
    ],
  },
} as const

/** Fails where the library is missing: these tests are never skipped. */
export function library(name: keyof typeof libraries): string {
  const { install, paths } = libraries[name]
  const path = paths.find((each) => existsSync(each))
  if (path === undefined) throw new Error(`the tests need ${name}: ${install}`)
  return path
}
