"""The text of a document, for errors that say where in it they are."""

from graphql import Source, SourceLocation


class DocumentSource(Source):
    """graphql-core looks for lines one by one, once for each error: an answer may have thousands of both."""

    def get_location(self, position: int) -> SourceLocation:
        """The line and the column of the position at which a token starts."""
        before = 0, position
        line_feeds, returns, both = (self.body.count(newline, *before) for newline in ("\n", "\r", "\r\n"))
        start = 1 + max(self.body.rfind(newline, *before) for newline in "\n\r")
        return SourceLocation(1 + line_feeds + returns - both, 1 + position - start)
