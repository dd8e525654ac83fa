"""Asking models: a request in, its answer as it comes, told as telemetry like any other call. Qt-free.

LiteLLM runs in a child process (`worker_process`), in one module of it (`litellm_calls`); nothing else imports it.
"""
