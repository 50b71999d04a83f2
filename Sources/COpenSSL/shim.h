#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What OpenSSL offers only as a macro, or through a macro's cast, and Swift therefore cannot call.

static inline int copenssl_ctx_set_min_version(SSL_CTX *ctx, int version) {
  return SSL_CTX_set_min_proto_version(ctx, version);
}

static inline int copenssl_ctx_set_max_version(SSL_CTX *ctx, int version) {
  return SSL_CTX_set_max_proto_version(ctx, version);
}

/// Writes may be partial and retried from a moved buffer; idle connections hold no record buffers; a read returns after
/// a record without payload, instead of staying for as long as the peer sends such.
static inline void copenssl_ctx_set_stream_modes(SSL_CTX *ctx) {
  SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
}

/// No renegotiation, no compression, no tickets (TLS 1.2), no session cache.
static inline void copenssl_ctx_set_strict_options(SSL_CTX *ctx) {
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
}

static inline int copenssl_set_server_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}

/// What the error queue says when a key's password was asked for and not given.
static const int copenssl_reason_no_password = ERR_R_INTERRUPTED_OR_CANCELLED;

static inline void copenssl_bio_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void copenssl_bio_set_retry_write(BIO *bio) { BIO_set_retry_write(bio); }
static inline void copenssl_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

/// The GENERAL_NAMES of a certificate's subjectAltName, or NULL. Freed with GENERAL_NAMES_free.
static inline GENERAL_NAMES *copenssl_alternative_names(const X509 *certificate) {
  return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int copenssl_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

/// Name `index` as bytes, its GEN_* kind in `kind`; NULL for kinds that are neither DNS nor IP.
static inline const unsigned char *copenssl_name(const GENERAL_NAMES *names, int index, int *kind, int *count) {
  void *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), kind);
  if (value == NULL || (*kind != GEN_DNS && *kind != GEN_IPADD)) return NULL;
  *count = ASN1_STRING_length((const ASN1_STRING *)value);
  return ASN1_STRING_get0_data((const ASN1_STRING *)value);
}

#endif
