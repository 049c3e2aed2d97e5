// Made by `python -m signaling.schema` from signaling/api/documents.py; do not edit.


export interface AttendanceRow {
  readonly member: string;
  readonly participant: string | null;
  readonly name: string;
  readonly about: string;
  readonly role: "observer" | "parent" | "pupil" | "staff" | "teacher";
  readonly expected: boolean;
  readonly status: "gone" | "here" | "late" | "never";
  readonly late_minutes: number;
  readonly minutes: number;
  readonly stays: readonly (Stay)[];
}

export interface AttendanceSheet {
  readonly now: number;
  readonly zone: string;
  readonly lesson: Lesson;
  readonly rows: readonly (AttendanceRow)[];
}

export interface CheckOffer {
  readonly sdp: string;
  readonly publish: Readonly<Record<string, string>>;
  readonly audio_slots: readonly (string)[];
  readonly video_slots: readonly (string)[];
}

export interface CheckOutcome {
  readonly verdict: "fewer" | "none" | "sound" | "video";
  readonly steps: CheckSteps;
  readonly way: "tcp" | "udp" | null;
  readonly delay_ms: number | null;
  readonly loss_up_percent: number | null;
  readonly loss_down_percent: number | null;
  readonly up_kbps: number | null;
  readonly down_kbps: number | null;
  readonly browser: "chrome" | "edge" | "firefox" | "opera" | "other" | "safari" | "yandex";
  readonly system: "android" | "chromeos" | "ios" | "linux" | "macos" | "other" | "windows";
}

export interface CheckResultCard {
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly class_name: string | null;
  readonly outcome: CheckOutcome;
}

export interface CheckSteps {
  readonly camera: "bad" | "fair" | "good" | "skipped";
  readonly microphone: "bad" | "fair" | "good" | "skipped";
  readonly speaker: "bad" | "fair" | "good" | "skipped";
  readonly server: "bad" | "fair" | "good" | "skipped";
  readonly udp: "bad" | "fair" | "good" | "skipped";
  readonly tcp: "bad" | "fair" | "good" | "skipped";
  readonly delay: "bad" | "fair" | "good" | "skipped";
  readonly loss: "bad" | "fair" | "good" | "skipped";
  readonly rate: "bad" | "fair" | "good" | "skipped";
}

export interface ConnectionCheck {
  readonly check: string;
  readonly answer: string;
  readonly expires_in: number;
}

export interface DemoPerson {
  readonly id: string;
  readonly role: "administrator" | "class_teacher" | "director" | "parent" | "pupil" | "teacher";
  readonly name: string;
  readonly initials: string;
  readonly class_name: string | null;
  readonly login_path: string;
}

export interface Health {
  readonly status: "failed" | "ok";
  readonly failed: readonly ("database" | "sfu")[];
}

export interface Lesson {
  readonly id: string;
  readonly kind: "lesson" | "meeting";
  readonly number: number;
  readonly subject: string;
  readonly topic: string;
  readonly class_name: string;
  readonly teacher_name: string;
  readonly teacher_short_name: string;
  readonly starts_at: number;
  readonly ends_at: number;
  readonly when: "ahead" | "done" | "now";
  readonly room: "closed" | "ended" | "open";
  readonly present: number;
  readonly action: "join" | "observe" | "start" | "wait" | null;
}

export interface LessonCard {
  readonly now: number;
  readonly zone: string;
  readonly lesson: Lesson | null;
  readonly here: readonly (string)[];
  readonly room_role: "observer" | "parent" | "pupil" | "staff" | "teacher" | null;
  readonly refusal: Refusal | null;
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly short_name: string;
  readonly initials: string;
  readonly greeting: string;
  readonly roles: readonly ("administrator" | "class_teacher" | "director" | "parent" | "pupil" | "teacher")[];
  readonly class_name: string | null;
  readonly young: boolean;
  readonly verified: boolean;
  readonly school: string;
  readonly demo: boolean;
}

export interface Refusal {
  readonly code: "bad_request" | "ended" | "not_a_member" | "not_allowed" | "not_found" | "not_open_yet" | "parents_not_in_lessons" | "pupils_not_in_meetings" | "removed" | "signed_out" | "too_many" | "unavailable" | "wrong_class" | "wrong_meeting";
  readonly message: string;
  readonly own_lesson?: Lesson | null;
  readonly own_class_name?: string | null;
}

export interface ReportCard {
  readonly id: string;
  readonly at: number;
  readonly category: "insult" | "other" | "picture" | "stranger" | "technical" | "wrong_class";
  readonly text: string;
  readonly author_name: string;
  readonly about_name: string | null;
  readonly lesson: string;
  readonly title: string;
  readonly class_name: string;
  readonly seen: boolean;
}

export interface Stay {
  readonly came_at: number;
  readonly left_at: number | null;
}

export interface Ticket {
  readonly ticket: string;
  readonly expires_in: number;
}

export interface Today {
  readonly now: number;
  readonly zone: string;
  readonly lessons: readonly (Lesson)[];
}
