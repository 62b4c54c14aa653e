"""The HTTP interface, by subject."""

from services.submissions.api import (
    appeals,
    evidence,
    facts,
    hearings,
    library,
    notices,
    phrases,
    previews,
    queue,
    reviews,
    samples,
    submissions,
    uploads,
    verification,
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
    queue.router,
    reviews.router,
    samples.router,
    notices.router,
    facts.router,
    appeals.router,
    hearings.router,
    verification.router,
)
