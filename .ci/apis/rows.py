"""The rows that every server has: values that are awkward to infer, to page and to store."""
import datetime
import sqlite3

ITEMS = 730
COLUMNS = ("id", "name", "price", "note", "big", "created", "modified", "author")
FIRST = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def time(n):
    """The n-th minute, with microseconds that are not always there."""
    t = FIRST + datetime.timedelta(minutes=n, microseconds=n % 3 * 1009)
    return t.isoformat(timespec="microseconds").replace("+00:00", "Z")


def item(n, version=0):
    """The n-th row. Prices are whole and notes are null for a long time; names have characters of four bytes."""
    return (n, f"Artikel {n} – ü 漢字 🧵", n if n <= 300 else n / 7, None if n <= 300 else f"note {n}", 2**62 + n, time(n), time(n + 10_000 * version), n % 7 + 1)


def create(path):
    """Makes a database with the tables items and authors."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price REAL, note TEXT, big INTEGER, created TEXT, modified TEXT, author INTEGER)")
        db.executemany("INSERT INTO items VALUES (?,?,?,?,?,?,?,?)", [item(n) for n in range(1, ITEMS + 1)])
        db.execute("CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT)")
        db.executemany("INSERT INTO authors VALUES (?,?)", [(n, f"Author {n}") for n in range(1, 9)])  # the eighth has no items
    db.close()


def change(path):
    """Adds ten rows and changes ten, and returns the ids of both."""
    ids = [*range(ITEMS + 1, ITEMS + 11), *range(1, 11)]
    with sqlite3.connect(path) as db:
        db.executemany("INSERT OR REPLACE INTO items VALUES (?,?,?,?,?,?,?,?)", [item(n, 1) for n in ids])
    db.close()
    return set(ids)


def read(path, table="items"):
    """The rows as the database has them, by id."""
    with sqlite3.connect(path) as db:
        db.row_factory = sqlite3.Row
        rows = {row["id"]: dict(row) for row in db.execute(f"SELECT * FROM {table}")}
    db.close()
    return rows
