"""Silence: a read that waits too long is ended."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from jupyter_aichat.agents.models.idle import IdleWatch, ServerSilent


async def never() -> AsyncGenerator[bytes, None]:
    """Never have anything."""
    await asyncio.Event().wait()
    yield b""


def now() -> float:
    """Read the loop's clock."""
    return asyncio.get_running_loop().time()


async def test_silence_ends_the_read() -> None:
    """A read without data ends after the limit, and the task that read is not left cancelled."""
    watch = IdleWatch(0.05, now())
    begun = now()
    with pytest.raises(ServerSilent) as caught:
        await watch.read(never())
    assert caught.value.seconds == 0.05
    assert 0.04 < now() - begun < 2
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_data_puts_silence_off() -> None:
    """Each time something is heard the silence begins anew."""
    watch = IdleWatch(0.2, now())

    async def ticking() -> AsyncGenerator[bytes, None]:
        for _ in range(6):
            await asyncio.sleep(0.06)
            yield b"x"
        await asyncio.Event().wait()

    blocks = ticking()
    begun = now()
    for _ in range(6):
        assert await watch.read(blocks) == b"x"
        watch.heard()
    assert now() - begun > 0.3
    with pytest.raises(ServerSilent):
        await watch.read(blocks)


async def test_work_of_the_consumer_is_no_silence() -> None:
    """While nobody waits for the server it is not silent, however long that takes."""
    watch = IdleWatch(0.03, now())
    await asyncio.sleep(0.1)
    watch.heard()

    async def soon() -> AsyncGenerator[bytes, None]:
        yield b"x"

    assert await watch.read(soon()) == b"x"
    watch.close()


async def test_limit_may_change_on_the_way() -> None:
    """A shorter limit counts from the moment it is allowed."""
    watch = IdleWatch(60, now())
    watch.allow(0.05)
    watch.heard()
    with pytest.raises(ServerSilent) as caught:
        await watch.read(never())
    assert caught.value.seconds == 0.05


async def test_cancel_at_the_same_moment_wins() -> None:
    """When somebody cancels just as the silence gets too long, the cancel is not swallowed."""
    for order in ("cancel first", "silence first"):
        watch = IdleWatch(60, now())
        task = asyncio.create_task(watch.read(never()))
        await asyncio.sleep(0)
        if order == "cancel first":
            task.cancel()
        watch._since = now() - 61
        watch._look()
        if order == "silence first":
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert watch.expired


async def test_closed_watch_fires_no_more() -> None:
    """After its stream has ended, a watch leaves everybody alone."""
    watch = IdleWatch(0.02, now())
    watch.close()
    await asyncio.sleep(0.06)
    assert not watch.expired
