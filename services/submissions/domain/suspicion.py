"""What a reviewer should look at twice."""

from enum import StrEnum


class Suspicion(StrEnum):
    """Kinds, told with the item; the reviewer decides what they mean."""

    SAME_FILE = "same_file"  # the same content is evidence of other work
    SIMILAR_IMAGE = "similar_image"  # an image that looks the same is
    SAME_CASE = "same_case"  # the case number is claimed under the same indicator for somebody else
