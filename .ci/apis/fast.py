"""FastAPI with fastapi-pagination on the database of rows.py.

    python fast.py DATABASE PORT
"""
import sys
from typing import Optional

import uvicorn
from fastapi import FastAPI
from fastapi_pagination import LimitOffsetPage, Page, add_pagination
from fastapi_pagination.cursor import CursorPage
from fastapi_pagination.ext.sqlalchemy import paginate
from fastapi_pagination.links import Page as LinkedPage
from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

DATABASE, PORT = sys.argv[1:3]
engine = create_engine(f"sqlite:///{DATABASE}", connect_args={"check_same_thread": False})
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    price: Mapped[float]
    note: Mapped[Optional[str]]
    big: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[str]
    modified: Mapped[str]
    author: Mapped[int]


class Item(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    price: float
    note: Optional[str]
    big: int
    created: str
    modified: str
    author: int


def listing(kind):
    def items(modified_since: str = "") -> kind:
        with Session(engine) as session:
            return paginate(session, select(Row).where(Row.modified >= modified_since).order_by(Row.id))
    return items


for name, kind in {"page": Page, "offset": LimitOffsetPage, "cursor": CursorPage, "links": LinkedPage}.items():
    app.get(f"/{name}", response_model=kind[Item])(listing(kind[Item]))
add_pagination(app)
uvicorn.run(app, host="127.0.0.1", port=int(PORT), log_level="error")
