"""An S3-compatible store on loopback, and ways in which stores disappoint."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import obstore
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

BUCKET = "provider-backups"
# It listens on loopback only and forgets everything at the end, so anything goes.
KEYS = {"BACKUP_S3_KEY": "test", "BACKUP_S3_SECRET": "test", "BACKUP_S3_REGION": "us-east-1"}


@dataclass
class Store:
    """A running store with one empty bucket."""

    address: str

    @property
    def settings(self) -> dict[str, str]:
        """What labtracker has to be told to use it."""
        return {"BACKUP_S3_ENDPOINT": self.address, **KEYS}

    @property
    def bucket(self) -> S3Store:
        """The bucket as somebody else sees it who has the keys."""
        return S3Store(
            bucket=BUCKET,
            endpoint=self.address,
            access_key_id="test",
            secret_access_key="test",
            region="us-east-1",
            client_options={"allow_http": True},
        )

    def files(self) -> dict[str, bytes]:
        """Everything in the bucket."""
        listed = [one["path"] for some in obstore.list(self.bucket) for one in some]
        return {name: bytes(obstore.get(self.bucket, name).bytes()) for name in listed}

    def empty(self) -> None:
        """Take everything away."""
        for name in self.files():
            obstore.delete(self.bucket, name)

    def overwrite(self, name: str, data: bytes) -> None:
        """Put something else in a file's place."""
        obstore.put(self.bucket, name, data)


@contextmanager
def running_store() -> Iterator[Store]:
    """Start a store, make its bucket, stop it at the end."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    store = Store(f"http://{host}:{port}")
    make_bucket(store.address)
    try:
        yield store
    finally:
        server.stop()


def make_bucket(address: str) -> None:
    urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT")).close()
