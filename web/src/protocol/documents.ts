// Made by `python -m signaling.schema` from signaling/api/documents.py; do not edit.


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
  readonly room_role: "observer" | "pupil" | "teacher" | null;
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
  readonly code: "bad_request" | "ended" | "not_a_member" | "not_allowed" | "not_found" | "not_open_yet" | "parents_not_in_lessons" | "removed" | "signed_out" | "too_many" | "unavailable" | "wrong_class";
  readonly message: string;
  readonly own_lesson?: Lesson | null;
  readonly own_class_name?: string | null;
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
