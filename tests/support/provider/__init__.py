"""A stand-in for the HTTP services of model providers, on this computer: `server.provider()` runs one.

It speaks OpenAI's Chat Completions, Responses and Embeddings, Anthropic's Messages and Gemini's generateContent, whole
and streamed, and the faults that real ones have (`faults`). The same question gets the same answer (`script`), and
every exchange is noted as data (`exchange`), by what was on the wire. Only the standard library is needed.
"""
