/*
 * A PKCS#11 module that passes every call on to the module which $ODD_MODULE_REAL names, and is odd where it is told to:
 *
 *   ODD_MODULE_BLOCKS=C_Login     the function makes the file $ODD_MODULE_MARK, and never returns
 *   ODD_MODULE_PRINTS=1           it prints to standard output, as it is loaded and in each of the functions below
 *   ODD_MODULE_HIDES_PIN_FLAGS=1  its tokens never tell that a PIN was wrong, as those of a TPM do not
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11.h"

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST odd;

static void enter(const char *name) {
  const char *blocks = getenv("ODD_MODULE_BLOCKS");
  const char *mark = getenv("ODD_MODULE_MARK");
  if (getenv("ODD_MODULE_PRINTS") != NULL) {
    printf("odd module: %s\n", name);
    if (write(STDOUT_FILENO, "odd module: direct\n", 19) < 0) abort();
  }
  if (blocks == NULL || strcmp(blocks, name) != 0) return;
  if (mark != NULL) close(open(mark, O_CREAT | O_WRONLY, 0600));
  for (;;) pause();
}

static CK_RV odd_Initialize(CK_VOID_PTR args) {
  enter("C_Initialize");
  return real->C_Initialize(args);
}

static CK_RV odd_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  CK_RV value;
  enter("C_GetTokenInfo");
  value = real->C_GetTokenInfo(slot, info);
  if (value == CKR_OK && getenv("ODD_MODULE_HIDES_PIN_FLAGS") != NULL) info->flags &= ~(CK_FLAGS)0x00770000;
  return value;
}

static CK_RV odd_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR out) {
  enter("C_OpenSession");
  return real->C_OpenSession(slot, flags, app, notify, out);
}

static CK_RV odd_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  enter("C_Login");
  return real->C_Login(session, user, pin, length);
}

static CK_RV odd_Encrypt(CK_SESSION_HANDLE session, CK_BYTE_PTR in, CK_ULONG length, CK_BYTE_PTR out, CK_ULONG_PTR outLength) {
  enter("C_Encrypt");
  return real->C_Encrypt(session, in, length, out, outLength);
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR);
  void *library;
  enter("C_GetFunctionList");
  library = dlopen(getenv("ODD_MODULE_REAL"), RTLD_NOW);
  if (library == NULL) return CKR_GENERAL_ERROR;
  *(void **)&get = dlsym(library, "C_GetFunctionList");
  if (get == NULL || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  odd = *real;
  odd.C_Initialize = odd_Initialize;
  odd.C_GetTokenInfo = odd_GetTokenInfo;
  odd.C_OpenSession = odd_OpenSession;
  odd.C_Login = odd_Login;
  odd.C_Encrypt = odd_Encrypt;
  *list = &odd;
  return CKR_OK;
}
