"""Certificates for the production names, made in memory for one run; the only user of trustme and cryptography."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Iterable
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from oauth_window_harness.network.loopback import PatientContext


class Authority:
    """A certificate authority that exists as long as the run; its key is never written to a file.

    Args:
        hosts: the names that the stub serves.
    """

    def __init__(self, hosts: Iterable[str]) -> None:
        self._authority = trustme.CA()
        self._certificate = self._authority.issue_cert(*hosts)

    def server_context(self) -> PatientContext:
        """Return the TLS context with which the stub serves."""
        context = PatientContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)
        return context

    def pem(self) -> bytes:
        """Return the authority's certificate as PEM, for clients to trust."""
        return self._authority.cert_pem.bytes()

    def write(self, file: Path) -> None:
        """Write the authority's certificate to a file as PEM, without its key."""
        self._authority.cert_pem.write_to_path(str(file))

    def fingerprint(self) -> str:
        """Return the SHA-256 of the stub's public key in base64 (RFC 7469 §2.4).

        For Chromium's option ``--ignore-certificate-errors-spki-list``.
        """
        leaf = x509.load_pem_x509_certificate(self._certificate.cert_chain_pems[0].bytes())
        key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode()


def is_authority(pem: bytes) -> bool:
    """Return whether a text is the certificate of an `Authority` of some run, and nothing else."""
    try:
        certificates = x509.load_pem_x509_certificates(pem)
    except ValueError:
        return False
    return len(certificates) == 1 and "O=trustme" in certificates[0].subject.rfc4514_string()
