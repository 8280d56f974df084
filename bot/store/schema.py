"""The tables."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of the id that the visitor holds, in hexadecimal"),
    Column("began_at", Float, nullable=False, comment="seconds since 1970, as all times here"),
    Column("last_at", Float, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True, comment="also the order within a conversation"),
    Column("conversation_id", ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("at", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column(
        "reply",
        Text,
        nullable=False,
        comment="JSON of bot.values.Reply, without conversation_id and message; of the trace, how it was understood",
    ),
)

quotes = Table(
    "quotes",
    metadata,
    Column("conversation_id", ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("document_id", String(255), primary_key=True),
    Column("start", Integer, primary_key=True, comment="in characters of the document's text, as is `end`"),
    Column("end", Integer, primary_key=True),
)

ratings = Table(
    "ratings",
    metadata,
    Column("reply_id", String(64), primary_key=True, comment="SHA-256 of it; a row a reply kept, rated or not"),
    Column("turn_id", ForeignKey(turns.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("at", Float, comment="when it was rated; all that follows is null until then"),
    Column("rating", String(4), comment="up or down"),
    Column("comment", Text, comment="null where there is none"),
)

Index("turns_in_order", turns.c.conversation_id, turns.c.id)
