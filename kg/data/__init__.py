"""Data that ships with the package."""


def split_pairs(text: str) -> tuple[list[str], list[str]]:
    """Lines of two cells with a tab between, as two columns.

    >>> split_pairs("a\\t1\\nb\\t2\\n")
    (['a', 'b'], ['1', '2'])
    """
    cells = text.removesuffix("\n").replace("\n", "\t").split("\t")
    return cells[::2], cells[1::2]
