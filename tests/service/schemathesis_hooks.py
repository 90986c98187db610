"""Bodies of TOML and CSV are sent as the texts that they are."""
import schemathesis


@schemathesis.serializer("application/toml", "text/csv")
def text(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()
