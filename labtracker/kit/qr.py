"""The dark and light modules of a QR code: the ``qrcode`` package behind one question."""

from __future__ import annotations


def qr_modules(text: str, *, quiet: int = 0) -> list[list[bool]]:
    """The rows of the code of a text, dark modules true, with so many light ones all around.

    Error correction M: a seventh of it may be unreadable.
    """
    from qrcode import QRCode  # noqa: PLC0415 (it loads all of Pillow, 10 MB, and few pages draw)
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415 (as above)

    code = QRCode(error_correction=ERROR_CORRECT_M, border=quiet)
    code.add_data(text)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix
