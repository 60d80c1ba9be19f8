"""What the database says when a key is there already."""

DUPLICATE = 1062


def is_duplicate(cause):
    return bool(cause.args) and cause.args[0] == DUPLICATE
