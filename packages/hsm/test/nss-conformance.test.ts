import { pkcs11Token } from '@bongtu/hsm'
import { tokenConformance } from './support/conformance.ts'
import { nssToken } from './support/nss.ts'

const { uri, pinFile, options } = nssToken()
tokenConformance("NSS's softoken", pkcs11Token({ uri, pin: { file: pinFile }, ...options }), [
  'oaep-sha256',
  'oaep-sha512',
])
