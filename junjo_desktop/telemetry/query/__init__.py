"""The query language: what people write to find traces, as a tree. Free of Qt and SQL.

`parsing.parse` reads a text, `printing.text_of` writes a tree, and what each gives the other takes back unchanged.
A trace matches a condition outside braces when one of its spans does, each condition by itself; all that stands in one
pair of braces is about the same span; `{…} > {…}` is about a span and one right below it, `>>` anywhere below.
"""
