"""Sends to an engine that is killed all the time, and notes what was acknowledged. Used by `crash`.

`python -m tests.bench.crash_client SEED BEGIN_NS CONNECTIONS FILE` reads lines of `PORT SPANS_A_SECOND` (0: as fast as
it goes) from its standard input, one for each life of the engine, and `end`. A number goes to the file once the OK of
that request is here. As SDKs do, it sends a request again after a failure; some deadlines are too short on purpose, and
some requests are given up.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from pathlib import Path
from random import Random
from threading import Condition, Thread
from typing import Any

import grpc

from tests.bench.client import CHANNEL, export_on
from tests.bench.crash_load import CrashLoad

_TIMEOUT_S = 10.0
_SHORT_TIMEOUT_S = 0.03
_SHORT_OFTEN = 0.03
_GIVE_UP_OFTEN = 0.1
_PAUSE_S = 0.05


class _Client:
    def __init__(self, seed: int, begin_ns: int, connections: int, acknowledged: Path) -> None:
        self._load = CrashLoad(seed, begin_ns)
        self._numbers = itertools.count()
        self._connections = connections
        self._file = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._changed = Condition()  # guards everything below
        self._life = 0
        self._port = 0
        self._rate = 0
        self._ending = False
        self.sent_again = 0
        self.given_up = 0
        self._threads = [Thread(target=self._run, args=(Random(seed + one),)) for one in range(connections)]  # noqa: S311 - a load, not a secret

    def follow(self) -> None:
        """Do what standard input says, until it ends."""
        for thread in self._threads:
            thread.start()
        for line in sys.stdin:
            words = line.split()
            with self._changed:
                if words == ["end"]:
                    self._ending = True
                else:
                    self._port, self._rate = map(int, words)
                    self._life += 1
                self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        os.close(self._file)

    def _run(self, random: Random) -> None:
        life = 0
        channel: grpc.Channel | None = None
        number = -1
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._life or self._ending)
                if number < 0 and self._ending:
                    break
                moved, life, port, rate = self._life != life, self._life, self._port, self._rate
            if moved or channel is None:
                if channel is not None:
                    channel.close()
                channel = grpc.insecure_channel(f"127.0.0.1:{port}", CHANNEL)
            number = next(self._numbers) if number < 0 else number
            if self._delivered(channel, number, random):
                os.write(self._file, b"%d\n" % number)
                if rate:
                    time.sleep(self._load.spans(number) * self._connections / rate)
                number = -1
            elif random.random() < _GIVE_UP_OFTEN:
                number = -1
                with self._changed:
                    self.given_up += 1
        if channel is not None:
            channel.close()

    def _delivered(self, channel: grpc.Channel, number: int, random: Random) -> bool:
        timeout = _SHORT_TIMEOUT_S if random.random() < _SHORT_OFTEN else _TIMEOUT_S
        try:
            export_on(channel)(self._load.data(number), timeout=timeout)
        except grpc.RpcError as error:
            status: Any = error
            if status.code() is grpc.StatusCode.INVALID_ARGUMENT:
                raise
            with self._changed:
                self.sent_again += 1
            time.sleep(_PAUSE_S)
            return False
        return True


if __name__ == "__main__":
    client = _Client(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    print("ready", flush=True)
    client.follow()
    print(json.dumps({"sent_again": client.sent_again, "given_up": client.given_up}))
