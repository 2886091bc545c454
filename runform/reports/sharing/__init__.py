"""A FormCheck shown to somebody without an account, by a link that ends."""
