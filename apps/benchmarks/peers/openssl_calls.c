/*
 * Signs and verifies as node:crypto has to, by OpenSSL alone: a message of 256 bytes goes in, each
 * call has a context and memory of its own, and ES256 speaks r and s in 64 bytes as JOSE does.
 * Writes the median microseconds of every call, one line for each: name, tab, value.
 *
 *   cc -O2 -o openssl_calls openssl_calls.c -lcrypto      OpenSSL 3.0 or later
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 4000, SIGNATURE = 64, HALF = 32 };

static const unsigned char message[256] = {7};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void require(int isGood) {
  if (isGood == 1) return;
  fputs("OpenSSL refused a call\n", stderr);
  exit(1);
}

static unsigned char *raw_of_der(const unsigned char *der, size_t length) {
  ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &der, (long)length);
  unsigned char *raw = malloc(SIGNATURE);
  require(parsed != NULL && raw != NULL);
  require(BN_bn2binpad(ECDSA_SIG_get0_r(parsed), raw, HALF) == HALF);
  require(BN_bn2binpad(ECDSA_SIG_get0_s(parsed), raw + HALF, HALF) == HALF);
  ECDSA_SIG_free(parsed);
  return raw;
}

static unsigned char *der_of_raw(const unsigned char *raw, size_t *length) {
  ECDSA_SIG *parsed = ECDSA_SIG_new();
  unsigned char *der = NULL;
  require(parsed != NULL);
  require(ECDSA_SIG_set0(parsed, BN_bin2bn(raw, HALF, NULL), BN_bin2bn(raw + HALF, HALF, NULL)));
  int size = i2d_ECDSA_SIG(parsed, &der);
  require(size > 0);
  ECDSA_SIG_free(parsed);
  *length = (size_t)size;
  return der;
}

static unsigned char *sign(EVP_PKEY *key, const EVP_MD *digest) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  size_t length = 0;
  require(EVP_DigestSignInit(context, NULL, digest, NULL, key));
  require(EVP_DigestSign(context, NULL, &length, message, sizeof message));
  unsigned char *signature = malloc(length);
  require(EVP_DigestSign(context, signature, &length, message, sizeof message));
  EVP_MD_CTX_free(context);
  if (digest == NULL) return signature;
  unsigned char *raw = raw_of_der(signature, length);
  free(signature);
  return raw;
}

static void verify(EVP_PKEY *key, const EVP_MD *digest, const unsigned char *signature) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  size_t length = SIGNATURE;
  unsigned char *der = digest == NULL ? NULL : der_of_raw(signature, &length);
  const unsigned char *given = der == NULL ? signature : der;
  require(EVP_DigestVerifyInit(context, NULL, digest, NULL, key));
  require(EVP_DigestVerify(context, given, length, message, sizeof message));
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
}

static int ascending(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

static double median(double *times) {
  qsort(times, ROUNDS, sizeof *times, ascending);
  return times[ROUNDS / 2];
}

static void measure(const char *name, EVP_PKEY *key, const EVP_MD *digest) {
  static double signs[ROUNDS], verifications[ROUNDS];
  require(key != NULL);
  for (int round = 0; round < ROUNDS; round += 1) {
    double start = now();
    unsigned char *signature = sign(key, digest);
    double signed_at = now();
    verify(key, digest, signature);
    verifications[round] = now() - signed_at;
    signs[round] = signed_at - start;
    free(signature);
  }
  printf("%s sign\t%f\n%s verify\t%f\n", name, median(signs), name, median(verifications));
  EVP_PKEY_free(key);
}

int main(void) {
  measure("Ed25519", EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), NULL);
  measure("ES256", EVP_EC_gen("P-256"), EVP_sha256());
  return 0;
}
