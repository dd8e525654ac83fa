"""The tokens of one call, each counted once, and the arithmetic in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call. None is unknown, 0 is none.

    `input_tokens` are all that were read, those from and for a cache included; `output_tokens` are all that were
    written, those of reasoning included. `cache_write_1h_tokens` are those of `cache_write_tokens` that are kept for an
    hour. `reported_cost` is in US dollars, as the span itself tells it.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    reasoning_tokens: int | None = None
    input_audio_tokens: int | None = None
    output_audio_tokens: int | None = None
    input_image_tokens: int | None = None
    output_image_tokens: int | None = None
    reported_cost: float | None = None

    @property
    def fresh_tokens(self) -> int | None:
        """Input that was neither read from a cache nor written to one."""
        if self.input_tokens is None:
            return None
        return max(0, self.input_tokens - (self.cache_read_tokens or 0) - (self.cache_write_tokens or 0))

    @property
    def input_words(self) -> str:
        """The input with its arithmetic: `1,888 in = 352 fresh + 1,024 cache write + 512 cache read`."""
        if self.input_tokens is None:
            return "input unknown"
        cached = [
            f"{tokens:,} {name}"
            for tokens, name in ((self.cache_write_tokens, "cache write"), (self.cache_read_tokens, "cache read"))
            if tokens
        ]
        whole = f"{self.input_tokens:,} in"
        return " + ".join([f"{whole} = {self.fresh_tokens:,} fresh", *cached]) if cached else whole

    @property
    def output_words(self) -> str:
        """The output with its arithmetic: `120 out = 40 answer + 80 reasoning`."""
        if self.output_tokens is None:
            return "output unknown"
        whole = f"{self.output_tokens:,} out"
        if not self.reasoning_tokens:
            return whole
        answer = max(0, self.output_tokens - self.reasoning_tokens)
        return f"{whole} = {answer:,} answer + {self.reasoning_tokens:,} reasoning"

    @property
    def words(self) -> str:
        """Both, in one line."""
        return f"{self.input_words}, {self.output_words}"
