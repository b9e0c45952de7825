"""A small IMAP server of our own on localhost (RFC 3501, what a client that only reads needs)."""

import base64
import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Store:
    """What the server holds, and what it was asked for."""

    password: str = "geheim"
    token: str = "token-1"
    validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)  # numbers that it lists but does not give
    commands: list[str] = field(default_factory=list)

    def add(self, raw: bytes) -> int:
        number = max(self.mails, default=0) + 1
        self.mails[number] = raw
        return number


class Session(socketserver.StreamRequestHandler):
    store: Store

    def handle(self) -> None:
        self.send(b"* OK ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, _space, command = line.partition(" ")
            self.store.commands.append(command)
            name = command.split(" ")[0].upper()
            name = "UID_" + command.split(" ")[1].upper() if name == "UID" else name
            verdict = getattr(self, f"do_{name.lower()}", self.unknown)(command)
            self.send(f"{tag} {verdict}".encode())
            if name == "LOGOUT":
                return

    def send(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def unknown(self, command: str) -> str:
        return "BAD unknown command"

    def do_capability(self, command: str) -> str:
        self.send(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
        return "OK done"

    def do_login(self, command: str) -> str:
        is_right = command.endswith(f'"{self.store.password}"')
        return "OK signed in" if is_right else "NO [AUTHENTICATIONFAILED] wrong password"

    def do_authenticate(self, command: str) -> str:
        self.send(b"+ ")
        given = base64.b64decode(self.rfile.readline())
        is_right = f"auth=Bearer {self.store.token}\x01".encode() in given
        return "OK signed in" if is_right else "NO [AUTHENTICATIONFAILED] token has ended"

    def do_examine(self, command: str) -> str:
        self.send(f"* {len(self.store.mails)} EXISTS".encode())
        return "OK [READ-ONLY] done" if "INBOX" in command else "NO no such folder"

    def do_status(self, command: str) -> str:
        self.send(f'* STATUS "INBOX" (UIDVALIDITY {self.store.validity})'.encode())
        return "OK done"

    def do_uid_search(self, command: str) -> str:
        first = int(re.search(r"UID (\d+):\*", command)[1])
        found = [n for n in self.store.mails if n >= first]
        found = found or list(self.store.mails)[-1:]  # "n:*" is never empty
        self.send(("* SEARCH " + " ".join(map(str, found))).encode())
        return "OK done"

    def do_uid_fetch(self, command: str) -> str:
        number = int(command.split(" ")[2])
        if number in self.store.broken:
            return "OK nothing"
        raw = self.store.mails[number]
        if "RFC822.SIZE" in command:
            self.send(f"* 1 FETCH (UID {number} RFC822.SIZE {len(raw)})".encode())
            return "OK done"
        if "HEADER" in command:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.send(f"* 1 FETCH (UID {number} BODY[] {{{len(raw)}}}".encode())
        self.wfile.write(raw)
        self.send(b")")
        return "OK done"

    def do_logout(self, command: str) -> str:
        self.send(b"* BYE")
        return "OK done"


@contextmanager
def running(store: Store):
    """The port of a server that serves this store until the block ends."""
    handler = type("Handler", (Session,), {"store": store})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
