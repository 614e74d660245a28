package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // keys that were encrypted with it are still in use
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // the default of RFC 8018
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
)

// encryptedKey is the EncryptedPrivateKeyInfo of RFC 5958.
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// The parameters of PBES2 and PBKDF2 (RFC 8018, appendix A).
type (
	pbes2Params struct {
		Derivation, Scheme pkix.AlgorithmIdentifier
	}
	pbkdf2Params struct {
		Salt       []byte
		Iterations int
		KeyLength  int                      `asn1:"optional"`
		PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
	}
)

// The algorithms by their object identifiers.
var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}

	pseudoRandom = map[string]func() hash.Hash{
		"":                    sha1.New,
		"1.2.840.113549.2.7":  sha1.New,
		"1.2.840.113549.2.8":  sha256.New224,
		"1.2.840.113549.2.9":  sha256.New,
		"1.2.840.113549.2.10": sha512.New384,
		"1.2.840.113549.2.11": sha512.New,
	}
	blockCiphers = map[string]struct {
		size int
		make func([]byte) (cipher.Block, error)
	}{
		"1.2.840.113549.3.7":      {24, des.NewTripleDESCipher},
		"2.16.840.1.101.3.4.1.2":  {16, aes.NewCipher},
		"2.16.840.1.101.3.4.1.22": {24, aes.NewCipher},
		"2.16.840.1.101.3.4.1.42": {32, aes.NewCipher},
	}
)

var (
	errBadKey     = errors.New("secret_key holds an encrypted private key that can not be read")
	errPassphrase = errors.New("secret_key can not be decrypted: the passphrase is wrong")
)

// mostIterations bounds the time that a key can take to open.
const mostIterations = 5_000_000

// decryptPKCS8 decrypts a private key that was encrypted with a passphrase by PBES2.
func decryptPKCS8(der, passphrase []byte) ([]byte, error) {
	var outer encryptedKey
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 {
		return nil, errBadKey
	}
	if !outer.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, fmt.Errorf("secret_key is encrypted by %s, expected PBES2", outer.Algorithm.Algorithm)
	}
	var scheme pbes2Params
	if _, err := asn1.Unmarshal(outer.Algorithm.Parameters.FullBytes, &scheme); err != nil {
		return nil, errBadKey
	}
	c, ok := blockCiphers[scheme.Scheme.Algorithm.String()]
	if !ok {
		return nil, fmt.Errorf("secret_key is encrypted by %s, expected AES or triple DES", scheme.Scheme.Algorithm)
	}
	key, err := deriveKey(scheme.Derivation, passphrase, c.size)
	if err != nil {
		return nil, err
	}
	block, err := c.make(key)
	if err != nil {
		return nil, errBadKey
	}
	var iv []byte
	if _, err := asn1.Unmarshal(scheme.Scheme.Parameters.FullBytes, &iv); err != nil {
		return nil, errBadKey
	}
	if len(iv) != block.BlockSize() || len(outer.Data) == 0 || len(outer.Data)%block.BlockSize() != 0 {
		return nil, errBadKey
	}
	plain := make([]byte, len(outer.Data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, outer.Data)
	return unpad(plain, block.BlockSize())
}

// deriveKey derives a key of size bytes from a passphrase by PBKDF2.
func deriveKey(by pkix.AlgorithmIdentifier, passphrase []byte, size int) ([]byte, error) {
	if !by.Algorithm.Equal(oidPBKDF2) {
		return nil, fmt.Errorf("secret_key's passphrase is used by %s, expected PBKDF2", by.Algorithm)
	}
	var p pbkdf2Params
	if _, err := asn1.Unmarshal(by.Parameters.FullBytes, &p); err != nil || p.Iterations < 1 || p.Iterations > mostIterations {
		return nil, errBadKey
	}
	h, ok := pseudoRandom[p.PRF.Algorithm.String()]
	if !ok {
		return nil, fmt.Errorf("secret_key's passphrase is used with %s, expected HMAC with SHA", p.PRF.Algorithm)
	}
	return pbkdf2.Key(h, string(passphrase), p.Salt, p.Iterations, size)
}

// unpad removes the padding of RFC 8018. A wrong passphrase shows in a wrong padding.
func unpad(plain []byte, size int) ([]byte, error) {
	n := int(plain[len(plain)-1])
	if n < 1 || n > size {
		return nil, errPassphrase
	}
	for _, b := range plain[len(plain)-n:] {
		if int(b) != n {
			return nil, errPassphrase
		}
	}
	return plain[:len(plain)-n], nil
}
