"""An officer and the leader of a unit: what is to be done, work sent in, points, appeals."""

from tests.e2e.browsing import Hand
from tests.e2e.people import picture
from tests.e2e.screens.faking import empty, stored
from tests.e2e.screens.looking import Shot

BOTH = ("pc", "phone")
TASK = "[data-testid=P03-tasks] li:has-text('信息采集缺项') [data-testid=P03-act]"
DRILL = ("[data-testid=P16-module]", "[data-testid=P16-indicator]")


def _fill(hand: Hand) -> None:
    hand.page.locator(TASK).click()
    hand.fill("#quantity", "3")
    hand.fill("#summary", "入户走访三户,信息当场采集并录入系统")
    files = [
        {"name": f"现场照片{n}.png", "mimeType": "image/png", "buffer": picture(300 + n)} for n in (1, 2)
    ]
    # A phone offers its camera, a PC the files.
    hand.page.locator("[data-testid=P13-pick], [data-testid=P13-camera]").first.wait_for(state="attached")
    phone = hand.page.locator("[data-testid=P13-camera]").count()
    for file in files:
        hand.page.set_input_files(f"[data-testid=P13-{'camera' if phone else 'pick'}]", files=[file])
    hand.count("[data-testid=P13-files] .remove", 2)
    hand.see("[data-testid=P13-estimate]")
    hand.page.evaluate("scrollTo(0, 0)")


def _offline(hand: Hand) -> None:
    _fill(hand)
    hand.page.context.set_offline(True)
    hand.page.locator("[data-testid=P13-submit]").click()
    hand.see("[data-testid=P13-queued]")


def shots(to: dict[str, str]) -> list[Shot]:
    large = stored(**{"text-size": "largest"})
    return [
        Shot("workbench-officer", "officer", "/", views=("pc", "phone", "desk"), screen="S2"),
        Shot("workbench-empty", "officer", "/", before=empty(r"/api/targets/v1/targets\?"), screen="S2"),
        Shot("tasks", "officer", "/my/tasks", views=BOTH, screen="S5"),
        Shot("tasks-empty", "officer", "/my/tasks", before=empty(r"/api/targets/v1/targets\?"), views=BOTH, screen="S5"),
        Shot("submit", "officer", "/my/submissions/new", views=BOTH),
        Shot("submit-filled", "officer", "/", _fill, before=lambda _: None, views=("desk", "phone"), screen="S6"),
        Shot("submit-errors", "officer", "/my/submissions/new", ("[data-testid=P13-submit]",), before=lambda _: None, views=("desk", "phone"), screen="S6"),
        Shot("submit-offline", "officer", "/", _offline, before=lambda _: None, views=("desk", "phone"), screen="S6"),
        Shot("submissions", "officer", "/my/submissions", views=BOTH),
        Shot("item", "officer", to["decided"], views=("desk",), screen="S7"),
        Shot("score", "officer", "/my/scores", DRILL, views=BOTH, screen="S8"),
        Shot("appeal-form", "officer", to["appeal"], views=("desk", "phone"), screen="S9"),
        Shot("workbench-leader", "unit_leader", "/", views=("pc", "desk"), screen="S3"),
        Shot("unit", "unit_leader", "/unit", views=BOTH, screen="S10"),
        Shot("cascade", "unit_leader", "/unit/cascade", screen="S10"),
        Shot("todo", "unit_leader", "/todo", views=BOTH, screen="S4"),
        Shot("large-workbench", "officer", "/", before=large, languages=("zh",), screen="S33"),
        Shot("large-submit", "officer", "/my/submissions/new", before=large, languages=("zh",), screen="S33"),
        Shot("large-score", "officer", "/my/scores", DRILL, before=large, languages=("zh",), screen="S33"),
        Shot("twice-item", "officer", to["item"], views=("twice",), languages=("zh",), screen="S33"),
    ]  # fmt: skip
