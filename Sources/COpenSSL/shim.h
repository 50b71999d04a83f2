#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// The functions of libssl and libcrypto that Link calls. They are looked up when the libraries are loaded, which a
/// program without TLS never does.
#define COPENSSL_FUNCTIONS(F) \
  F(ASN1_STRING_get0_data) F(ASN1_STRING_length) F(ASN1_TIME_to_tm) F(BIO_clear_flags) F(BIO_get_data) \
  F(BIO_get_new_index) F(BIO_meth_free) F(BIO_meth_new) F(BIO_meth_set_ctrl) F(BIO_meth_set_read) \
  F(BIO_meth_set_write) F(BIO_new) F(BIO_set_data) F(BIO_set_flags) F(BIO_set_init) F(CRYPTO_get_ex_new_index) \
  F(ERR_clear_error) F(ERR_get_error) F(ERR_reason_error_string) F(EVP_sha256) F(GENERAL_NAMES_free) \
  F(GENERAL_NAME_get0_value) F(OPENSSL_sk_num) F(OPENSSL_sk_value) F(SSL_CIPHER_get_name) F(SSL_CTX_ctrl) \
  F(SSL_CTX_free) F(SSL_CTX_get0_param) F(SSL_CTX_load_verify_file) F(SSL_CTX_new) F(SSL_CTX_set_alpn_protos) \
  F(SSL_CTX_set_cert_verify_callback) F(SSL_CTX_set_default_passwd_cb) F(SSL_CTX_set_default_verify_paths) \
  F(SSL_CTX_set_options) F(SSL_CTX_set_verify) F(SSL_CTX_use_PrivateKey_file) \
  F(SSL_CTX_use_certificate_chain_file) F(SSL_ctrl) F(SSL_do_handshake) F(SSL_free) F(SSL_get0_alpn_selected) \
  F(SSL_get0_param) F(SSL_get_current_cipher) F(SSL_get_error) F(SSL_get_ex_data) \
  F(SSL_get_ex_data_X509_STORE_CTX_idx) F(SSL_get_version) F(SSL_has_pending) F(SSL_new) F(SSL_read_ex) \
  F(SSL_set_bio) F(SSL_set_connect_state) F(SSL_set_ex_data) F(SSL_shutdown) F(SSL_write_ex) \
  F(TLS_client_method) F(X509_NAME_get_text_by_NID) F(X509_STORE_CTX_get0_cert) F(X509_STORE_CTX_get_error) \
  F(X509_STORE_CTX_get_ex_data) F(X509_STORE_CTX_set_error) F(X509_VERIFY_PARAM_set1_host) \
  F(X509_VERIFY_PARAM_set1_ip_asc) F(X509_VERIFY_PARAM_set_flags) F(X509_VERIFY_PARAM_set_hostflags) \
  F(X509_digest) F(X509_get0_notAfter) F(X509_get0_notBefore) F(X509_get_ext_d2i) F(X509_get_subject_name) \
  F(X509_verify_cert) F(X509_verify_cert_error_string)

#define COPENSSL_MEMBER(name) __typeof__(name) *_Nonnull name;
struct copenssl_functions {
  COPENSSL_FUNCTIONS(COPENSSL_MEMBER)
};

#define COPENSSL_TEXT(text) #text
#define COPENSSL_SONAME(version) "libssl.so." COPENSSL_TEXT(version)

/// The library whose headers this was compiled with, by the name that its compatible versions share.
static inline const char *_Nonnull copenssl_soname(void) { return COPENSSL_SONAME(OPENSSL_SHLIB_VERSION); }

/// Looks all of them up in libssl and, through it, libcrypto. The name of one that is missing, else NULL.
static inline const char *_Nullable copenssl_find(struct copenssl_functions *_Nonnull functions,
                                                  void *_Nonnull library) {
#define COPENSSL_FIND(name) \
  if ((*(void **)&functions->name = dlsym(library, #name)) == NULL) return #name;
  COPENSSL_FUNCTIONS(COPENSSL_FIND)
  return NULL;
}

// What OpenSSL offers only as a macro, or through a macro's cast, and Swift therefore cannot call.

static inline int copenssl_ctx_set_min_version(const struct copenssl_functions *f, SSL_CTX *ctx, int version) {
  return (int)f->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, version, NULL);
}

/// Writes may be partial and retried from a moved buffer; idle connections hold no record buffers; a read returns after
/// a record without payload, instead of staying for as long as the peer sends such.
static inline void copenssl_ctx_set_stream_modes(const struct copenssl_functions *f, SSL_CTX *ctx) {
  long modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;
  f->SSL_CTX_ctrl(ctx, SSL_CTRL_MODE, modes, NULL);
  f->SSL_CTX_ctrl(ctx, SSL_CTRL_CLEAR_MODE, SSL_MODE_AUTO_RETRY, NULL);
}

/// No renegotiation, no compression, no tickets (TLS 1.2), no session cache.
static inline void copenssl_ctx_set_strict_options(const struct copenssl_functions *f, SSL_CTX *ctx) {
  f->SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  f->SSL_CTX_ctrl(ctx, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, NULL);
}

static inline int copenssl_set_server_name(const struct copenssl_functions *f, SSL *ssl, const char *name) {
  return (int)f->SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, (void *)name);
}

/// What the error queue says when a key's password was asked for and not given.
static const int copenssl_reason_no_password = ERR_R_INTERRUPTED_OR_CANCELLED;

static inline void copenssl_bio_set_retry_read(const struct copenssl_functions *f, BIO *bio) {
  f->BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
}
static inline void copenssl_bio_set_retry_write(const struct copenssl_functions *f, BIO *bio) {
  f->BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
}
static inline void copenssl_bio_clear_retry(const struct copenssl_functions *f, BIO *bio) {
  f->BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
}

/// The GENERAL_NAMES of a certificate's subjectAltName, or NULL. Freed with GENERAL_NAMES_free.
static inline GENERAL_NAMES *copenssl_alternative_names(const struct copenssl_functions *f, const X509 *certificate) {
  return (GENERAL_NAMES *)f->X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int copenssl_names_count(const struct copenssl_functions *f, const GENERAL_NAMES *names) {
  return f->OPENSSL_sk_num((const OPENSSL_STACK *)names);
}

/// Name `index` as bytes, its GEN_* kind in `kind`; NULL for kinds that are neither DNS nor IP.
static inline const unsigned char *copenssl_name(const struct copenssl_functions *f, const GENERAL_NAMES *names,
                                                 int index, int *kind, int *count) {
  const GENERAL_NAME *name = (const GENERAL_NAME *)f->OPENSSL_sk_value((const OPENSSL_STACK *)names, index);
  void *value = f->GENERAL_NAME_get0_value(name, kind);
  if (value == NULL || (*kind != GEN_DNS && *kind != GEN_IPADD)) return NULL;
  *count = f->ASN1_STRING_length((const ASN1_STRING *)value);
  return f->ASN1_STRING_get0_data((const ASN1_STRING *)value);
}

#endif
