"""What a check of somebody's line and devices came to, as the administrator of the school reads it.

Written by the person themself and read by usecases/check_results.py. It holds closed words and numbers only: no text
of a browser, no address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CheckVerdict = Literal["video", "fewer", "sound", "none"]
CheckStep = Literal["camera", "microphone", "speaker", "server", "udp", "tcp", "delay", "loss", "rate"]
StepState = Literal["good", "fair", "bad", "skipped"]
LineWay = Literal["udp", "tcp"]
BrowserFamily = Literal["chrome", "yandex", "edge", "opera", "firefox", "safari", "other"]
SystemFamily = Literal["windows", "macos", "linux", "android", "ios", "chromeos", "other"]


@dataclass(frozen=True)
class CheckOutcome:
    """`verdict`: what the line is fit for. `way`: by what the numbers were measured; None where they were not."""

    verdict: CheckVerdict
    steps: Mapping[CheckStep, StepState]
    way: LineWay | None
    delay_ms: int | None
    loss_up_percent: float | None
    loss_down_percent: float | None
    up_kbps: int | None
    down_kbps: int | None
    browser: BrowserFamily
    system: SystemFamily


@dataclass(frozen=True)
class CheckResult:
    id: str
    school_id: str
    member_id: str
    at: datetime
    outcome: CheckOutcome
