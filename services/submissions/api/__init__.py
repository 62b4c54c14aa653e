"""The HTTP interface, by subject."""

from services.submissions.api import appeals, evidence, holidays, reviews, submissions

ROUTERS = (submissions.router, evidence.router, reviews.router, appeals.router, holidays.router)
