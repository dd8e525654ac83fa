"""What calls cost: the price table in LiteLLM's package, read without LiteLLM (`table`), and the sums (`cost`)."""
