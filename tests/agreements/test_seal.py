"""The bank's key, and the seal it puts on: checked by programs that are not ours, too."""

from __future__ import annotations

import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader

from api.agreements.seal.checking import check_document
from api.agreements.seal.keys import (
    DEVELOPMENT_FILE,
    SealFiles,
    SealKeyError,
    certificates_in,
    open_key,
)
from api.agreements.seal.sealing import KeySeal
from api.main import create_app
from api.settings import Settings
from tests.agreements import forging
from tests.agreements.forging import AT
from tests.in_a_loop import in_a_loop
from tooling.poppler import VARIABLE, find_poppler

NUMBER = "20261124-0001"


@cache
def issued_pair() -> tuple[bytes, bytes]:
    """A key of the bank's under a passphrase, and its certificate with that of the authority that issued it."""
    authority, bank = (rsa.generate_private_key(65537, 2048) for _ in range(2))

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def certificate(of: rsa.RSAPrivateKey, subject: str, *, ca: bool) -> bytes:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("An authority"))
            .public_key(of.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(AT - timedelta(days=30))
            .not_valid_after(AT + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(authority, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    key = bank.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open sesame"),
    )  # fmt: skip
    chain = certificate(bank, "Yunting Bank", ca=False)
    return key, chain + certificate(authority, "An authority", ca=True)


@pytest.fixture
def issued(tmp_path: Path) -> SealFiles:
    """The files of a bank in production."""
    key, chain = issued_pair()
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "chain.pem").write_bytes(chain)
    return SealFiles(
        key=tmp_path / "key.pem", certificate=tmp_path / "chain.pem", passphrase=b"open sesame"
    )


def opened(files: SealFiles) -> KeySeal:
    return KeySeal(open_key(files, bank="云汀银行", now=AT), files.time_stamps)


def holds(sealed: bytes, seal: KeySeal, at: datetime = AT) -> bool:
    found = check_document(sealed, seal.certificates[:1], at)
    return found is not None and found.holds and found.ours


def test_a_development_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    files = SealFiles(development_in=tmp_path)
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(lambda _: open_key(files, bank="云汀银行", now=AT), range(16)))
    assert len({key.certificate.sha256 for key in made}) == 1
    assert made[0].development
    assert [path.name for path in tmp_path.iterdir()] == [DEVELOPMENT_FILE]
    assert stat.S_IMODE((tmp_path / DEVELOPMENT_FILE).stat().st_mode) == 0o600
    assert opened(files).evidence == "development"


def test_the_banks_own_key_seals_and_its_seal_says_so(issued: SealFiles) -> None:
    seal = opened(issued)
    assert seal.evidence == "bank"
    sealed = seal.seal_pdf(forging.document(NUMBER), number=NUMBER, at=AT)
    assert holds(sealed, seal)
    for day in (AT - timedelta(days=40), AT + timedelta(days=400)):
        assert not holds(sealed, seal, day)  # its certificate was not valid then
        with pytest.raises(SealKeyError, match="not valid"):
            seal.seal_pdf(forging.document(NUMBER), number=NUMBER, at=day)
        with pytest.raises(SealKeyError, match="not valid"):
            seal.seal_statement(b"{}", at=day)
    signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[0]
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.self_reported_timestamp == AT
    assert len(list(signature.signed_data["certificates"])) == 2  # with who issued it


def test_it_seals_and_checks_where_a_loop_is_running_too(issued: SealFiles) -> None:
    seal = opened(issued)

    async def within() -> bool:
        return holds(seal.seal_pdf(forging.document(NUMBER), number=NUMBER, at=AT), seal)

    assert in_a_loop(within)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": None}, "not set"),
        ({"certificate": None}, "not set"),
        ({"passphrase": None}, "ANHUAN_SEAL_KEY"),
        ({"passphrase": b"wrong"}, "ANHUAN_SEAL_KEY"),
        ({"key": Path("/nowhere")}, "ANHUAN_SEAL_KEY"),
        ({"certificate": Path("/nowhere")}, "ANHUAN_SEAL_CERTIFICATE"),
        ({"past": Path("/nowhere")}, "ANHUAN_SEAL_PAST_CERTIFICATES"),
    ],
)
def test_files_that_do_not_fit_are_refused_with_the_name_of_the_setting(
    issued: SealFiles, change: dict[str, object], says: str
) -> None:
    with pytest.raises(SealKeyError, match=says):
        opened(SealFiles(**{**vars(issued), **change}))  # type: ignore[arg-type]


def test_the_key_of_another_certificate_is_refused(issued: SealFiles, tmp_path: Path) -> None:
    open_key(SealFiles(development_in=tmp_path), bank="云汀银行", now=AT)
    with pytest.raises(SealKeyError, match="ANHUAN_SEAL_CERTIFICATE"):
        opened(SealFiles(key=issued.key, certificate=tmp_path / DEVELOPMENT_FILE,
                         passphrase=issued.passphrase))  # fmt: skip


def test_production_does_not_start_without_a_key(settings: Settings) -> None:
    production = settings.model_copy(update={"environment": "production"})
    with pytest.raises(SealKeyError, match="no start without"):
        create_app(production)


@pytest.fixture
def authority() -> Iterator[str]:
    """An RFC 3161 time stamp authority on this machine."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=999))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (certificate,) = certificates_in(made.public_bytes(serialization.Encoding.PEM))
    stamper = DummyTimeStamper(
        certificate,
        keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        SimpleCertificateStore(),
        fixed_dt=AT.astimezone(UTC),
    )  # fmt: skip

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_time_stamp_is_put_in_where_there_is_an_authority_and_left_out_when_it_is_silent(
    issued: SealFiles, authority: str
) -> None:
    for address, stamped in ((authority, True), ("http://127.0.0.1:9/", False)):
        seal = opened(SealFiles(**{**vars(issued), "time_stamps": address}))
        sealed = seal.seal_pdf(forging.document(NUMBER), number=NUMBER, at=AT)
        assert holds(sealed, seal)
        signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[0]
        attributes = signature.signer_info["unsigned_attrs"]
        assert (
            [one["type"].native for one in attributes] == ["signature_time_stamp_token"]
        ) == stamped


def test_the_seal_leaves_the_document_a_pdf_a_3(issued: SealFiles) -> None:
    """The rules of ISO 19005-3 that a signature could break, and those that attachments have to keep."""
    bare = forging.document(NUMBER)
    sealed = opened(issued).seal_pdf(bare, number=NUMBER, at=AT)
    assert sealed.startswith(bare)  # nothing beneath was rewritten
    added = sealed[len(bare) :]
    for never in (b"/NeedAppearances", b"/Encrypt", b"/JavaScript", b"/Version", b"/Metadata <<"):
        assert never not in added
    reader = PdfReader(BytesIO(sealed))
    root: Any = reader.trailer["/Root"]
    described = root["/Metadata"].get_data().decode()
    for part in ("<pdfaid:part>3<", "<pdfaid:conformance>B<"):
        assert part in described
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    (field,) = root["/AcroForm"]["/Fields"]
    widget = field.get_object()
    assert [float(edge) for edge in widget["/Rect"]] == [0, 0, 0, 0]  # so it needs no picture
    assert widget["/F"] & 4  # printed with the page
    assert not widget["/F"] & (1 | 2 | 32)  # neither hidden nor left out of sight
    assert root["/Perms"]["/DocMDP"]["/Reference"][0]["/TransformParams"]["/P"] == 1
    files = [one.get_object() for one in root["/AF"]]
    assert {(one["/UF"], one["/AFRelationship"]) for one in files} == {("terms.json", "/Source")}
    assert all(one["/EF"]["/F"].get_object()["/Subtype"] for one in files)
    assert reader.trailer["/ID"]


@pytest.fixture
def poppler() -> Path:
    """The folder of poppler's programs."""
    found = find_poppler()
    if found is None:
        why = f"no pdfsig found; name its folder: {VARIABLE}=/path/to/bin"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    return found


@pytest.mark.poppler
def test_popplers_tools_agree(issued: SealFiles, tmp_path: Path, poppler: Path) -> None:
    sealed = opened(issued).seal_pdf(forging.document(NUMBER), number=NUMBER, at=AT)
    for content, says in (
        (sealed, "Signature is Valid"),
        (forging.flipped(sealed, 6000), "Digest Mismatch"),
    ):
        path = tmp_path / "document.pdf"
        path.write_bytes(content)
        said = subprocess.run(
            [poppler / "pdfsig", "-nocert", path], capture_output=True, text=True, check=False
        ).stdout
        assert says in said
        assert "ETSI.CAdES.detached" in said
        assert "Total document signed" in said
    path.write_bytes(sealed)
    text = subprocess.run(
        [poppler / "pdftotext", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert NUMBER in text
    assert "还款" in text
