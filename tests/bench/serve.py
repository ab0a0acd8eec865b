"""Serves the site from a process of its own: nginx where it is installed, else a small server of asyncio."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.website import HOST

# Every other host is somebody else's (marks, registration) and answers that it is there.
_NGINX = """
daemon off; master_process off; worker_processes 1; pid {run}/nginx.pid; error_log {run}/error.log error;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; etag on; server_tokens off;
  keepalive_timeout 65; keepalive_requests 1000000; open_file_cache max=8000 inactive=10m;
  client_body_temp_path {run}/t1; proxy_temp_path {run}/t2; fastcgi_temp_path {run}/t3;
  uwsgi_temp_path {run}/t4; scgi_temp_path {run}/t5;
  types {{ text/html html; text/css css; application/javascript js; image/png png; application/pdf pdf;
    application/vnd.openxmlformats-officedocument.wordprocessingml.document docx; }}
  charset utf-8;
  add_header LinkChecker full-speed always;  # its manual: else three requests a second, whatever the ini says
  server {{ listen 127.0.0.1:{port} default_server; default_type text/html; return 200 "<html><title>ok</title>ok"; }}
  server {{ listen 127.0.0.1:{port}; server_name {host} 127.0.0.1 localhost; root {root}; index index.html; }}
}}
"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, str]]:
    """The port of `folder`/www, and what serves it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = (folder / "run").resolve()
    run.mkdir(parents=True, exist_ok=True)
    root = (folder / "www").resolve()
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if binary:
        conf = run / "nginx.conf"
        conf.write_text(_NGINX.format(run=run, root=root, port=port, host=HOST), encoding="utf-8")
        command = [binary, "-e", str(run / "error.log"), "-p", str(run), "-c", str(conf)]
    else:
        command = [sys.executable, "-m", "tests.bench.serve", str(root), str(port)]
    with (run / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(port, server)
            yield port, "nginx" if binary else "asyncio"
        finally:
            server.terminate()
            server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit(f"the server ended at once ({server.returncode}); see run/ in the bench folder")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server does not answer")


class Static(asyncio.Protocol):
    """GET with If-None-Match and single ranges: what the crawlers of this benchmark send."""

    def __init__(self, root: Path, tags: dict[Path, bytes]) -> None:
        self._root = root
        self._tags = tags
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        first, *lines = head.split(b"\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        if fields.get(b"host", b"").split(b":")[0].decode() not in {HOST, "127.0.0.1", "localhost"}:
            return _reply(b"200 OK", b"<html><title>ok</title>ok", b"Content-Type: text/html\r\n")
        path = first.split(b" ")[1].split(b"?")[0].decode()
        file = self._root / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        if ".." in path or not file.is_file():
            return _reply(
                b"404 Not Found", b"<html><title>404 Not Found</title></html>", b"Content-Type: text/html\r\n"
            )
        body = file.read_bytes()
        tag = self._tags.get(file) or self._tags.setdefault(file, hashlib.md5(body).hexdigest().encode())
        kind = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").encode()
        extra = b'LinkChecker: full-speed\r\nETag: "%s"\r\nContent-Type: %s\r\n' % (tag, kind)
        if fields.get(b"if-none-match") == b'"%s"' % tag:
            return b"HTTP/1.1 304 Not Modified\r\n%s\r\n" % extra
        wanted = fields.get(b"range", b"")
        if wanted.startswith(b"bytes=0-"):
            part = body[: int(wanted[8:] or len(body)) + 1]
            extra += b"Content-Range: bytes 0-%d/%d\r\n" % (len(part) - 1, len(body))
            return _reply(b"206 Partial Content", part, extra)
        return _reply(b"200 OK", body, extra)


def _reply(status: bytes, body: bytes, extra: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), extra, body)


async def main(root: Path, port: int) -> None:
    tags: dict[Path, bytes] = {}
    server = await asyncio.get_running_loop().create_server(lambda: Static(root, tags), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(Path(sys.argv[1]), int(sys.argv[2])))
