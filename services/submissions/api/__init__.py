"""The HTTP interface, by subject."""

from services.submissions.api import (
    appeals,
    evidence,
    holidays,
    library,
    phrases,
    previews,
    reviews,
    submissions,
    uploads,
    writing,
)

ROUTERS = (
    submissions.router,
    writing.router,
    phrases.router,
    evidence.router,
    library.router,
    previews.router,
    uploads.router,
    reviews.router,
    appeals.router,
    holidays.router,
)
