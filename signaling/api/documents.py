"""Every JSON document of the HTTP API, typed. PROTOCOL.md lists which route answers with which; the browser's
types are generated from here. A person is shown no more of others than the documents' fields.

GET  /healthz                      Health; 503 names the part that is not up
GET  /api/demo/people              list[DemoPerson]   (demo mode only, else 404)
GET  /demo/sign-in/{person}?next=  302 to a path of this site   (demo mode only, else 404)
GET  /api/me                       Me; 401 without a session
POST /api/sign-out                 204
GET  /api/today                    Today
GET  /api/lessons/{lesson}         LessonCard; 404 for unknown ids and ids of other schools
POST /api/lessons/{lesson}/start   LessonCard   (its teacher only; opens it, or again after it was ended)
POST /api/lessons/{lesson}/ticket  Ticket; 403 with Refusal
POST /api/lessons/{lesson}/question 204: «my child is in this class» to the administrator (refused parents only)
GET  /api/lessons/{lesson}/attendance       AttendanceSheet; the same as a file: attendance.csv, attendance.xlsx
GET  /api/reports                  list[ReportCard], unseen first (administrator only)
POST /api/reports/{report}/seen    204
POST /api/connection-checks        ConnectionCheck; without a session too. 400 bad offer, 429, 503 no media node
POST /api/connection-checks/{check}/end     204; 404
GET  /api/check-results            list[CheckResultCard], the newest first (administrator only)
POST /api/check-results            204: a CheckOutcome of the one who is signed in
GET  /ws                           WebSocket, sub-protocol zvonok.v1; 403 from another Origin
Every POST carries the header `X-Zvonok: 1` and content type application/json; state changes by nothing else.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from school.check_results import BrowserFamily, CheckVerdict, LineWay, StepState, SystemFamily

RoomRole = Literal["teacher", "pupil", "parent", "staff", "observer"]
OrganisationRole = Literal["administrator", "director", "class_teacher", "teacher", "pupil", "parent"]
RefusalCode = Literal[
    "signed_out",  # 401
    "not_found",  # 404
    "wrong_class",  # 403: a pupil of another class
    "parents_not_in_lessons",  # 403
    "wrong_meeting",  # 403: a parent of another class
    "pupils_not_in_meetings",  # 403
    "not_a_member",  # 403: staff without a part in this lesson, or anybody else of the school
    "not_open_yet",  # 403: the teacher is not in
    "ended",  # 403: the lesson was ended, or its hour is over
    "removed",  # 403: by the teacher, until this lesson ends
    "not_allowed",  # 403: the role does not reach
    "bad_request",  # 400, 415, 421: not JSON, no X-Zvonok header, from another site, by a name that is not ours
    "too_many",  # 429
    "unavailable",  # 503
]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Health(Document, frozen=True, kw_only=True):
    """`failed` names the parts that are not up: `sfu`, `database`."""

    status: Literal["ok", "failed"]
    failed: list[Literal["sfu", "database"]]


class DemoPerson(Document, frozen=True, kw_only=True):
    """`class_name` is set for pupils, the class teacher and (the child's) for the parent."""

    id: str
    role: OrganisationRole
    name: str
    initials: str
    class_name: str | None
    login_path: str


class Me(Document, frozen=True, kw_only=True):
    """`greeting`: how the page addresses the person. `post`: what stands under the name in the top bar."""

    id: str
    name: str
    short_name: str
    initials: str
    greeting: str
    roles: list[OrganisationRole]
    class_name: str | None
    young: bool
    verified: bool
    school: str
    demo: bool


class Lesson(Document, frozen=True, kw_only=True):
    """A lesson of today, or a parent meeting (`kind`). Times are Unix seconds; `zone` of `Today` says how to show them.
    `room`: `closed` (the teacher was not in), `open`, `ended` (by its teacher).
    `action`: what this person can do: `start` and `join` are buttons, `wait` says that it opens by itself."""

    id: str
    kind: Literal["lesson", "meeting"]
    number: int
    subject: str
    topic: str
    class_name: str
    teacher_name: str
    teacher_short_name: str
    starts_at: float
    ends_at: float
    when: Literal["done", "now", "ahead"]
    room: Literal["closed", "open", "ended"]
    present: int
    action: Literal["start", "join", "observe", "wait"] | None


class Today(Document, frozen=True, kw_only=True):
    """`now` is the server's clock, by which the page counts down."""

    now: float
    zone: str
    lessons: list[Lesson]


class Refusal(Document, frozen=True, kw_only=True):
    """Why not, and the door that is open for this person instead (`own_lesson`, when there is one at the moment)."""

    code: RefusalCode
    message: str
    own_lesson: Lesson | None = None
    own_class_name: str | None = None


class LessonCard(Document, frozen=True, kw_only=True):
    """What the page of a lesson shows before the room. Where `refusal` is set, `lesson` is null unless the person
    may know of it (a removed pupil, a lesson that ended). `here`: display names of who is in, for the
    lesson's people only."""

    now: float
    zone: str
    lesson: Lesson | None
    here: list[str]
    room_role: RoomRole | None
    refusal: Refusal | None


class Stay(Document, frozen=True, kw_only=True):
    """One interval in the room; short interruptions are merged. `left_at` null: still in. Unix seconds."""

    came_at: float
    left_at: float | None


class AttendanceRow(Document, frozen=True, kw_only=True):
    """`status`: `here`, `late` (here, but came late), `gone` (was in, is not), `never`. `minutes`: in the room, whole
    minutes. `about`: the words under the name; `expected` false for whoever was in without being on the list.
    `participant`: whose seat in the room this is; null for whoever has none, and when the room is over."""

    member: str
    participant: str | None
    name: str
    about: str
    role: RoomRole
    expected: bool
    status: Literal["here", "late", "gone", "never"]
    late_minutes: int
    minutes: int
    stays: list[Stay]


class AttendanceSheet(Document, frozen=True, kw_only=True):
    """Of one lesson or meeting, in the order of the list: family name, given name."""

    now: float
    zone: str
    lesson: Lesson
    rows: list[AttendanceRow]


class ReportCard(Document, frozen=True, kw_only=True):
    """What somebody reported from inside a room, or asked at its closed door (`wrong_class`)."""

    id: str
    at: float
    category: Literal["insult", "stranger", "picture", "technical", "other", "wrong_class"]
    text: str
    author_name: str
    about_name: str | None
    lesson: str
    title: str
    class_name: str
    seen: bool


class Ticket(Document, frozen=True, kw_only=True):
    """Opaque, single use, within `expires_in` seconds, for the session that asked; goes into `join`."""

    ticket: str
    expires_in: int


_Mid = Annotated[str, Meta(max_length=16)]
_Percent = Annotated[float, Meta(ge=0, le=100)]
_Kbps = Annotated[int, Meta(ge=0, le=10_000_000)]


class CheckOffer(Document, frozen=True, kw_only=True):
    """A PeerConnection's offer for a check of its line, as `MediaOffer` of the WebSocket. Each video slot gets a copy
    of the camera's picture back, up to four; the audio slot gets the microphone."""

    sdp: str
    publish: dict[Literal["microphone", "camera"], _Mid]
    audio_slots: Annotated[list[_Mid], Meta(max_length=1)]
    video_slots: Annotated[list[_Mid], Meta(max_length=4)]


class ConnectionCheck(Document, frozen=True, kw_only=True):
    """`check` is a secret of the page that asked, for the end. It ends by itself after `expires_in` seconds."""

    check: str
    answer: str
    expires_in: int


class CheckSteps(Document, frozen=True, kw_only=True):
    camera: StepState
    microphone: StepState
    speaker: StepState
    server: StepState
    udp: StepState
    tcp: StepState
    delay: StepState
    loss: StepState
    rate: StepState


class CheckOutcome(Document, frozen=True, kw_only=True):
    """`verdict`: the line is fit for a lesson with pictures, with fewer of them, for sound only, for none. `way`: by
    what the numbers were measured. Up is away from the person."""

    verdict: CheckVerdict
    steps: CheckSteps
    way: LineWay | None
    delay_ms: Annotated[int, Meta(ge=0, le=60_000)] | None
    loss_up_percent: _Percent | None
    loss_down_percent: _Percent | None
    up_kbps: _Kbps | None
    down_kbps: _Kbps | None
    browser: BrowserFamily
    system: SystemFamily


class CheckResultCard(Document, frozen=True, kw_only=True):
    """Of the last thirty days. `class_name`: of a pupil."""

    id: str
    at: float
    name: str
    class_name: str | None
    outcome: CheckOutcome
