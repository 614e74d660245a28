package auth

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// The structures of RFC 5915 and RFC 5208, which the standard library does not read for this curve.
type (
	sec1Key struct {
		Version int
		Private []byte
		Curve   asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		Public  asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	pkcs8Key struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Private   []byte
	}
)

var oidSecp256k1 = asn1.ObjectIdentifier{1, 3, 132, 0, 10}

// signES256K signs with the curve secp256k1 (RFC 8812).
func signES256K(input, key, passphrase string) ([]byte, error) {
	block, err := openPEM(key, passphrase)
	if err != nil {
		return nil, err
	}
	der, curve := block.Bytes, asn1.ObjectIdentifier(nil)
	switch block.Type {
	case "EC PRIVATE KEY":
	case "PRIVATE KEY":
		var outer pkcs8Key
		if _, err := asn1.Unmarshal(der, &outer); err != nil {
			return nil, errNoK256
		}
		if _, err := asn1.Unmarshal(outer.Algorithm.Parameters.FullBytes, &curve); err != nil {
			return nil, errNoK256
		}
		der = outer.Private
	default:
		return nil, fmt.Errorf("secret_key holds a %s, expected a PRIVATE KEY", block.Type)
	}
	var inner sec1Key
	if _, err := asn1.Unmarshal(der, &inner); err != nil {
		return nil, errNoK256
	}
	if curve == nil {
		curve = inner.Curve
	}
	if !curve.Equal(oidSecp256k1) || len(inner.Private) > secp256k1.PrivKeyBytesLen {
		return nil, errNoK256
	}
	sum := sha256.Sum256([]byte(input))
	signature := ecdsa.Sign(secp256k1.PrivKeyFromBytes(inner.Private), sum[:])
	r, s := signature.R(), signature.S()
	rBytes, sBytes := r.Bytes(), s.Bytes()
	return append(rBytes[:], sBytes[:]...), nil
}

var errNoK256 = errors.New("secret_key holds no key of the curve secp256k1")
