"""Keeps what has arrived of a part when the line breaks or falls silent.

Django throws a body away that does not come to its end.  A phone on a bad line would send the same megabytes again and
again and never get on; so a broken body is handed on as one that ends there, and the view keeps it.
"""

import asyncio

from runform.core.asgi import Application, Message, Receive, Scope, Send
from runform.core.body_limit import PART_PATH

END: Message = {"type": "http.request", "body": b"", "more_body": False}


class KeptBody:
    def __init__(self, application: Application, silent_s: float) -> None:
        self.application = application
        self.silent_s = silent_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and PART_PATH.match(scope["path"]):
            receive = self._kept(receive)
        await self.application(scope, receive, send)

    def _kept(self, receive: Receive) -> Receive:
        broken = over = False

        async def kept() -> Message:
            nonlocal broken, over
            if broken:
                # Nobody is there any more; Django cancels this when it has answered all the same.
                await asyncio.Event().wait()
            if over:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self.silent_s)
            except TimeoutError:
                message = {"type": "http.disconnect"}
            if message["type"] == "http.disconnect":
                message, broken = END, True
            over = not message.get("more_body", False)
            return message

        return kept
