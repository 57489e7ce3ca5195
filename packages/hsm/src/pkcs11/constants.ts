/** The numbers of PKCS#11 2.40 and 3.0 that are used here, under the names that the standard gives them. */

export const CK_EFFECTIVELY_INFINITE = 0
/** The least that it is where a C long has 32 bits; pkcs11js shows no more of a wider one. */
export const CK_UNAVAILABLE_INFORMATION = 0xffff_ffff

export const CKF_OS_LOCKING_OK = 0x2
export const CKF_RW_SESSION = 0x2
export const CKF_SERIAL_SESSION = 0x4

export const CKF_WRITE_PROTECTED = 0x2
export const CKF_LOGIN_REQUIRED = 0x4
export const CKF_USER_PIN_INITIALIZED = 0x8
export const CKF_PROTECTED_AUTHENTICATION_PATH = 0x100
export const CKF_TOKEN_INITIALIZED = 0x400
export const CKF_USER_PIN_COUNT_LOW = 0x10000
export const CKF_USER_PIN_FINAL_TRY = 0x20000
export const CKF_USER_PIN_LOCKED = 0x40000
export const CKF_SO_PIN_COUNT_LOW = 0x100000
export const CKF_SO_PIN_FINAL_TRY = 0x200000
export const CKF_SO_PIN_LOCKED = 0x400000

export const CKU_SO = 0
export const CKU_USER = 1
export const CKS_RO_USER_FUNCTIONS = 1
export const CKS_RW_USER_FUNCTIONS = 3

export const CKO_PUBLIC_KEY = 2
export const CKO_PRIVATE_KEY = 3
export const CKO_SECRET_KEY = 4
export const CKK_RSA = 0x0
export const CKK_AES = 0x1f

export const CKA_CLASS = 0x0
export const CKA_TOKEN = 0x1
export const CKA_PRIVATE = 0x2
export const CKA_LABEL = 0x3
export const CKA_VALUE = 0x11
export const CKA_KEY_TYPE = 0x100
export const CKA_ID = 0x102
export const CKA_SENSITIVE = 0x103
export const CKA_ENCRYPT = 0x104
export const CKA_DECRYPT = 0x105
export const CKA_WRAP = 0x106
export const CKA_UNWRAP = 0x107
export const CKA_SIGN = 0x108
export const CKA_VERIFY = 0x10a
export const CKA_DERIVE = 0x10c
export const CKA_MODULUS = 0x120
export const CKA_MODULUS_BITS = 0x121
export const CKA_PUBLIC_EXPONENT = 0x122
export const CKA_PRIVATE_EXPONENT = 0x123
export const CKA_VALUE_LEN = 0x161
export const CKA_EXTRACTABLE = 0x162

export const CKM_RSA_PKCS_KEY_PAIR_GEN = 0x0
export const CKM_RSA_PKCS_OAEP = 0x9
export const CKM_SHA_1 = 0x220
export const CKM_SHA256 = 0x250
export const CKM_SHA384 = 0x260
export const CKM_SHA512 = 0x270
export const CKM_AES_KEY_GEN = 0x1080
export const CKM_AES_GCM = 0x1087
export const CKG_MGF1_SHA1 = 0x1
export const CKG_MGF1_SHA256 = 0x2
export const CKG_MGF1_SHA384 = 0x3
export const CKG_MGF1_SHA512 = 0x4
export const CKZ_DATA_SPECIFIED = 0x1

/** Not of the standard: how pkcs11js is told which structure a parameter becomes. */
export const PARAMS_RSA_OAEP = 4
export const PARAMS_GCM_WITHOUT_IV_BITS = 3
export const PARAMS_GCM = 7
