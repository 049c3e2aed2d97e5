// Made by `python -m signaling.schema` from signaling/live/messages.py; do not edit.


export interface Closed {
  readonly type: "closed";
  readonly reason: "elsewhere" | "ended" | "left" | "lost" | "removed" | "signed_out";
}

export interface Done {
  readonly type: "done";
  readonly re: number;
}

export interface EndLesson {
  readonly type: "end_lesson";
  readonly id: number;
}

export interface Failed {
  readonly type: "failed";
  readonly re: number;
  readonly code: "bad_offer" | "bad_request" | "media_unavailable" | "not_allowed" | "not_found" | "overloaded" | "session_refused" | "ticket_refused" | "too_many" | "unsupported";
  readonly message: string;
  readonly retry_after?: number | null;
}

export interface Join {
  readonly type: "join";
  readonly id: number;
  readonly ticket: string;
  readonly offer: MediaOffer;
  readonly media: Media;
}

export interface Joined {
  readonly type: "joined";
  readonly re: number;
  readonly session: string;
  readonly you: string;
  readonly answer: string;
  readonly snapshot: RoomSnapshot;
}

export interface Leave {
  readonly type: "leave";
  readonly id: number;
}

export interface Media {
  readonly microphone?: boolean;
  readonly camera?: boolean;
  readonly screen?: boolean;
  readonly screen_sound?: boolean;
}

export interface MediaOffer {
  readonly connection: number;
  readonly sdp: string;
  readonly publish: Readonly<Record<string, string>>;
  readonly audio_slots: readonly (string)[];
  readonly video_slots: readonly (string)[];
}

export interface MediaReset {
  readonly type: "media_reset";
  readonly epoch: number;
}

export interface MuteParticipant {
  readonly type: "mute_participant";
  readonly id: number;
  readonly participant: string;
}

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly short_name: string;
  readonly initials: string;
  readonly role: "observer" | "pupil" | "teacher";
  readonly verified: boolean;
  readonly office: "administrator" | "class_teacher" | "director" | null;
  readonly sources: Readonly<Record<string, number>>;
  readonly media: Media;
  readonly mute: number;
  readonly link: "here" | "lost";
}

export interface ParticipantChanged {
  readonly type: "participant_changed";
  readonly seq: number;
  readonly participant: Participant;
}

export interface ParticipantJoined {
  readonly type: "participant_joined";
  readonly seq: number;
  readonly participant: Participant;
}

export interface ParticipantLeft {
  readonly type: "participant_left";
  readonly seq: number;
  readonly participant: string;
  readonly how: "closed" | "left" | "lost" | "removed";
}

export interface PleaseReoffer {
  readonly type: "please_reoffer";
  readonly reason: "ice" | "silent";
}

export interface RemoveParticipant {
  readonly type: "remove_participant";
  readonly id: number;
  readonly participant: string;
  readonly reason: "conduct" | "noise" | "other" | "stranger";
}

export interface Reoffer {
  readonly type: "reoffer";
  readonly id: number;
  readonly offer: MediaOffer;
}

export interface Reoffered {
  readonly type: "reoffered";
  readonly re: number;
  readonly connection: number;
  readonly answer: string;
}

export interface Resume {
  readonly type: "resume";
  readonly id: number;
  readonly session: string;
  readonly last_seq: number;
}

export interface Resumed {
  readonly type: "resumed";
  readonly re: number;
  readonly snapshot: RoomSnapshot | null;
  readonly media_lost: boolean;
}

export interface RoomChanged {
  readonly type: "room_changed";
  readonly seq: number;
  readonly room: RoomInfo;
}

export interface RoomInfo {
  readonly lesson: string;
  readonly title: string;
  readonly class_name: string;
  readonly ends_at: number;
  readonly flow: boolean;
  readonly media_stops_at: number | null;
}

export interface RoomSnapshot {
  readonly seq: number;
  readonly room: RoomInfo;
  readonly participants: readonly (Participant)[];
}

export interface SetMedia {
  readonly type: "set_media";
  readonly id: number;
  readonly media: Media;
  readonly mute_seen?: number;
}

export interface SetView {
  readonly type: "set_view";
  readonly id: number;
  readonly tracks: readonly (ViewedTrack)[];
}

export interface Settle {
  readonly type: "settle";
  readonly id: number;
  readonly connection: number;
}

export interface SlotMapping {
  readonly mid: string;
  readonly source: number;
}

export interface SlotsMapped {
  readonly type: "slots_mapped";
  readonly connection: number;
  readonly slots: readonly (SlotMapping)[];
}

export interface Speaking {
  readonly type: "speaking";
  readonly participants: readonly (string)[];
}

export interface ViewedTrack {
  readonly source: number;
  readonly width: number;
  readonly height: number;
}

export type ClientMessage = Join | Resume | Reoffer | Settle | SetMedia | SetView | MuteParticipant | RemoveParticipant | EndLesson | Leave;

export type ServerMessage = Joined | Resumed | Reoffered | Done | Failed | ParticipantJoined | ParticipantChanged | ParticipantLeft | RoomChanged | Speaking | SlotsMapped | MediaReset | PleaseReoffer | Closed;
