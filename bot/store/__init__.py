"""What outlives a request: conversations, in a database. The only room that imports SQLAlchemy."""
