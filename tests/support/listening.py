"""The gateway on a real socket, in this process."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn

from registrations.app import create_app
from registrations.protocol import DeadlineProtocol
from registrations.server import STALL_SECONDS, listen
from registrations.settings import Settings

GIVE_UP = 60.0  # seconds


@dataclass
class Server:
    port: int
    connections: Collection[object]

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Raises `TimeoutError` where the client waits much longer than any deadline here."""
        async with asyncio.timeout(GIVE_UP):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                yield reader, writer
            finally:
                writer.close()

    async def answer(self, sent: bytes) -> bytes:
        """What comes before the server ends the connection; the client never does."""
        async with self.connect() as (reader, writer):
            writer.write(sent)
            return await reader.read()


@asynccontextmanager
async def listening(
    database_url: str,
    protocol: type[DeadlineProtocol] = DeadlineProtocol,
    keep_alive: int = 60,
    stall_seconds: float = STALL_SECONDS,
) -> AsyncIterator[Server]:
    app = create_app(Settings(database_url=database_url))
    server = uvicorn.Server(
        uvicorn.Config(
            app, http=protocol, ws="none", log_config=None, timeout_keep_alive=keep_alive, server_header=False
        )
    )
    [listener] = listen("127.0.0.1", 0, stall_seconds=stall_seconds)
    serving = asyncio.create_task(server.serve([listener]))
    yield Server(listener.getsockname()[1], server.server_state.connections)
    server.should_exit = True
    await serving
