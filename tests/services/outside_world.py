"""The outside world of messages: a real webhook and a real mail server on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Webhook:
    """Takes JSON and remembers it; answers with ``status``, after ``pause`` was set free."""

    port: int = 0
    status: int = 200
    taken: list[dict[str, Any]] = field(default_factory=list)
    pause: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hooks/secret-token"


@contextmanager
def running_webhook() -> Iterator[Webhook]:
    """A webhook that answers until the block ends."""
    hook = Webhook()
    hook.pause.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.taken.append(json.loads(body))
            hook.pause.wait(30)
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.pause.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailServer:
    """Takes mails and remembers who they were for and what they said."""

    port: int = 0
    mails: list[tuple[list[str], str]] = field(default_factory=list)


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """A mail server for one conversation at a time, until the block ends."""
    mail = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        mail.port = listening.getsockname()[1]
        listening.settimeout(0.1)
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, mail, over), daemon=True)
        thread.start()
        yield mail
        over.set()
        thread.join()


def _serve(listening: socket.socket, mail: MailServer, over: threading.Event) -> None:
    while not over.is_set():
        try:
            connection, _address = listening.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(10)
            _converse(connection, mail)


def _converse(connection: socket.socket, mail: MailServer) -> None:
    lines = connection.makefile("rb")
    say = connection.sendall
    say(b"220 here\r\n")
    recipients: list[str] = []
    for line in lines:
        word = line.strip().upper()
        if word.startswith(b"RCPT TO:"):
            recipients.append(line.decode().partition("<")[2].partition(">")[0])
        if word == b"DATA":
            say(b"354 go on\r\n")
            mail.mails.append((recipients, _until_dot(lines)))
        if word == b"QUIT":
            say(b"221 bye\r\n")
            return
        say(b"250 ok\r\n")


def _until_dot(lines: Any) -> str:
    taken = []
    for line in lines:
        if line.rstrip() == b".":
            break
        taken.append(line.decode())
    return "".join(taken)
