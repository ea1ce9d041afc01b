"""Backups that only the holder of a key can read, in the format of age."""

from __future__ import annotations

from pathlib import Path

import pyrage

from labtracker.backups.errors import BackupError


def encrypt(source: Path, target: Path, recipient: str) -> None:
    """Encrypt a file to a public key. Raises BackupError when that is no age recipient."""
    try:
        key = pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError as error:
        raise BackupError("BACKUP_RECIPIENT is no age public key (they begin with age1).") from error
    pyrage.encrypt_file(str(source), str(target), [key])
    target.chmod(0o600)


def decrypt(source: Path, target: Path, identities: Path) -> None:
    """Decrypt a file with the keys in a key file. Raises BackupError when none of them fits."""
    try:
        lines = identities.read_text().splitlines()
        keys = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.lstrip().startswith("#")
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupError(f"{identities} is no file with an age identity.") from error
    try:
        pyrage.decrypt_file(str(source), str(target), keys)
    except pyrage.DecryptError as error:
        raise BackupError(f"{identities} does not open this backup: {error}.") from error
    target.chmod(0o600)
