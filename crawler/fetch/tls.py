"""The TLS ladder: strict, legacy after that very error, then unverified to read public pages (BEHAVIOURS 32)."""

from __future__ import annotations

import enum
import ssl
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import certifi

from .errors import causes

if TYPE_CHECKING:
    from cryptography import x509

# X509_V_ERR_* -> fault, its name in Chinese (LIBRARIES: TLS).
_FAULTS: Mapping[int, tuple[str, str]] = {
    9: ("not_yet_valid", "证书尚未生效"),
    10: ("expired", "证书已过期"),
    18: ("self_signed", "自签名证书"),
    19: ("self_signed", "证书链以自签名证书结尾"),
    20: ("incomplete_chain", "证书链不完整（缺少中间证书）"),
    21: ("incomplete_chain", "证书链不完整（缺少中间证书）"),
    23: ("revoked", "证书已吊销"),
    62: ("wrong_host", "证书与域名不符"),
    64: ("wrong_host", "证书与 IP 地址不符"),
}

# What an old server answers to a modern handshake (FIELD 2.4). A permissive context can hang on modern servers, hence
# only after that very error.
_LEGACY_REASONS = (
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    "HANDSHAKE_FAILURE",
    "PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "DH_KEY_TOO_SMALL",
    "BAD_ECPOINT",
    "WRONG_SIGNATURE_TYPE",
    "LEGACY_SIGALG",
    "INSUFFICIENT_SECURITY",
)
_WEAK_KEYS = frozenset({66, 67, 68})  # EE key, CA key or CA digest too weak for our level

_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, named by Python 3.12 only


class Step(enum.Flag):
    STRICT = 0
    LEGACY = enum.auto()
    UNVERIFIED = enum.auto()


class Ladder:
    """Which context each host needs, and what is wrong with its certificate; remembered for the life of a fetcher."""

    def __init__(self, trust: str | None = None) -> None:
        self._trust = trust
        self._contexts: dict[Step, ssl.SSLContext] = {}
        self._steps: dict[str, Step] = {}
        self._facts: dict[str, dict[str, str]] = {}
        self._tried: dict[str, Step] = {}

    def context(self, key: str) -> ssl.SSLContext:
        step = self._tried.get(key) or self._steps.get(key, Step.STRICT)
        context = self._contexts.get(step)
        if context is None:  # building one costs 21 ms
            context = self._contexts[step] = _context(step, self._trust)
        return context

    def facts(self, key: str) -> Mapping[str, str]:
        """`fault`, `reason` and what the certificate says; empty for a host that passes strictly."""
        return self._facts.get(key, {})

    def note(self, key: str) -> str:
        return self._facts[key]["reason"] if key in self._facts else ""

    def climb(self, key: str, error: BaseException) -> bool:
        """Whether another step is left after this error; the next connection of the host takes it."""
        failure = next((cause for cause in causes(error) if isinstance(cause, ssl.SSLError)), None)
        if failure is None:
            return False
        step = self._tried.get(key) or self._steps.get(key, Step.STRICT)
        if isinstance(failure, ssl.SSLCertVerificationError) and failure.verify_code not in _WEAK_KEYS:
            return self._climb_unverified(key, step, failure)
        if Step.LEGACY in step or not _wants_legacy(failure):
            self._tried.pop(key, None)
            return False
        self._tried[key] = step | Step.LEGACY
        return True

    def _climb_unverified(self, key: str, step: Step, failure: ssl.SSLCertVerificationError) -> bool:
        if Step.UNVERIFIED in step:
            return False
        fault, reason = verification_fault(failure)
        self._facts[key] = {"fault": fault, "reason": reason, "detail": str(failure.verify_message)[:200]}
        self._tried.pop(key, None)
        self._steps[key] = step | Step.UNVERIFIED
        return True

    def settled(self, key: str, certificate: bytes | None) -> None:
        """An answer came over TLS on a step above strict: remember the step and read the certificate once."""
        tried = self._tried.pop(key, None)
        if tried is not None:
            self._steps[key] = tried
            self._facts.setdefault(key, {"fault": "legacy", "reason": "只支持旧式 TLS 协商"})
        facts = self._facts.get(key)
        if facts is not None and certificate and "not_after" not in facts:
            facts.update(_certificate_facts(certificate))
            if facts["fault"] == "incomplete_chain" and not facts.get("issuer_url"):
                facts["fault"], facts["reason"] = "unknown_ca", "签发机构不受信任"

    def forget(self, key: str) -> None:
        """The step that was tried led to no answer: the next connection starts from what is known."""
        self._tried.pop(key, None)

    def is_settled(self, key: str) -> bool:
        """Whether nothing is left to learn of the host; true for a host that passes strictly."""
        if key in self._tried:
            return False
        facts = self._facts.get(key)
        return facts is None or "not_after" in facts


def verification_fault(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """The fault's id and its name in Chinese."""
    known = _FAULTS.get(error.verify_code)
    return known or ("untrusted", f"证书校验失败：{error.verify_message}"[:200])


def _wants_legacy(error: ssl.SSLError) -> bool:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_code in _WEAK_KEYS
    reason = (error.reason or str(error)).upper().replace(" ", "_")
    return any(word in reason for word in _LEGACY_REASONS)


def _context(step: Step, trust: str | None) -> ssl.SSLContext:
    # Debian's store lacks TrustAsia and BJCA roots, so certifi's it is (LIBRARIES).
    context = ssl.create_default_context(cafile=certifi.where())
    if trust:
        context.load_verify_locations(cafile=trust)
    context.set_alpn_protocols(["http/1.1"])
    if Step.LEGACY in step:
        context.options |= _LEGACY_SERVER_CONNECT
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # old protocols are the point here
            context.minimum_version = ssl.TLSVersion.TLSv1
    if Step.UNVERIFIED in step:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _certificate_facts(der: bytes) -> dict[str, str]:
    """`not_before`, `not_after`, `names`, `issuer`, `issuer_url` of a certificate nobody has vouched for."""
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        facts = {
            "not_before": certificate.not_valid_before_utc.isoformat(),
            "not_after": certificate.not_valid_after_utc.isoformat(),
            "issuer": certificate.issuer.rfc4514_string()[:300],
            "names": ", ".join(_names(certificate))[:500],
        }
        if url := _issuer_url(certificate):
            facts["issuer_url"] = url
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return {"not_after": "", "detail": "证书无法解析"}
    return facts


def _names(certificate: x509.Certificate) -> list[str]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return [str(name.value) for name in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    return [str(name) for name in extension.value.get_values_for_type(x509.DNSName)]


def _issuer_url(certificate: x509.Certificate) -> str:
    """Where the missing intermediate could be had: its absence tells an unknown CA from an incomplete chain."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

    try:
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_INFORMATION_ACCESS)
    except x509.ExtensionNotFound:
        return ""
    if not isinstance(extension.value, x509.AuthorityInformationAccess):
        return ""
    for description in extension.value:
        if description.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            return str(description.access_location.value)[:300]
    return ""
