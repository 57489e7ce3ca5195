import { pkcs11Token } from '@bongtu/hsm'
import { tokenConformance } from './support/conformance.ts'
import { softHsmToken } from './support/softhsm.ts'

const { uri, pinFile } = softHsmToken()
// SoftHSM2 2.6.1 has OAEP with SHA-1 alone.
tokenConformance('SoftHSM2', pkcs11Token({ uri, pin: { file: pinFile } }), ['oaep-sha1'])
