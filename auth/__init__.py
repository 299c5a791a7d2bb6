"""Who is asking: the OAuth server, keys, tokens, the one path from a token to a `Grant`. Authlib stays behind it."""
