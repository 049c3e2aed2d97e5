// Made by `python -m signaling.schema` from signaling/live/messages.py; do not edit.


export interface Admit {
  readonly type: "admit";
  readonly id: number;
  readonly waiting: string | null;
}

export interface AskToTurnOn {
  readonly type: "ask_to_turn_on";
  readonly id: number;
  readonly participants: readonly (string)[];
  readonly kind: "camera" | "microphone";
}

export interface AtTheDoor {
  readonly type: "at_the_door";
  readonly host: string;
  readonly expected: boolean;
  readonly waiting: number;
}

export interface ChatMessage {
  readonly id: string;
  readonly author: string;
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly to: "all" | "hosts";
  readonly removed: "author" | "host" | null;
}

export interface ChatRemoved {
  readonly type: "chat_removed";
  readonly seq: number;
  readonly message: string;
  readonly by: "author" | "host";
}

export interface ChatSaid {
  readonly type: "chat_said";
  readonly seq: number;
  readonly message: ChatMessage;
}

export interface ClearAnswers {
  readonly type: "clear_answers";
  readonly id: number;
}

export interface Closed {
  readonly type: "closed";
  readonly reason: "declined" | "elsewhere" | "ended" | "left" | "lost" | "removed" | "signed_out";
}

export interface Decline {
  readonly type: "decline";
  readonly id: number;
  readonly waiting: string;
}

export interface Done {
  readonly type: "done";
  readonly re: number;
}

export interface DoorChanged {
  readonly type: "door_changed";
  readonly seq: number;
  readonly waiting: readonly (Waiting)[];
}

export interface EndLesson {
  readonly type: "end_lesson";
  readonly id: number;
}

export interface Failed {
  readonly type: "failed";
  readonly re: number;
  readonly code: "already_here" | "bad_offer" | "bad_request" | "media_unavailable" | "not_allowed" | "not_found" | "overloaded" | "session_refused" | "ticket_refused" | "too_many" | "unsupported";
  readonly message: string;
  readonly retry_after?: number | null;
}

export interface GiveFloor {
  readonly type: "give_floor";
  readonly id: number;
  readonly participant: string;
}

export interface Join {
  readonly type: "join";
  readonly id: number;
  readonly ticket: string;
  readonly offer: MediaOffer;
  readonly media: Media;
  readonly take_over?: boolean;
}

export interface Joined {
  readonly type: "joined";
  readonly re: number;
  readonly session: string;
  readonly you: string;
  readonly answer: string;
  readonly snapshot: RoomSnapshot;
  readonly layout: Layout;
}

export interface Layout {
  readonly mode?: "grid" | "speaker";
  readonly pins?: readonly (string)[];
  readonly hide_without_camera?: boolean;
  readonly self_view?: boolean;
}

export interface Leave {
  readonly type: "leave";
  readonly id: number;
}

export interface LowerHand {
  readonly type: "lower_hand";
  readonly id: number;
  readonly participant: string | null;
}

export interface Media {
  readonly microphone?: boolean;
  readonly camera?: boolean;
  readonly screen?: boolean;
  readonly screen_sound?: boolean;
  readonly screen_paused?: boolean;
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

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly short_name: string;
  readonly initials: string;
  readonly about: string;
  readonly role: "observer" | "parent" | "pupil" | "staff" | "teacher";
  readonly host: boolean;
  readonly verified: boolean;
  readonly office: "administrator" | "class_teacher" | "director" | null;
  readonly sources: Readonly<Record<string, number>>;
  readonly media: Media;
  readonly mute: number;
  readonly rights: Rights;
  readonly hand: number | null;
  readonly answer: "no" | "yes" | null;
  readonly link: "here" | "lost" | "weak";
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

export interface PleaseTurnOn {
  readonly type: "please_turn_on";
  readonly kind: "camera" | "microphone";
  readonly by: string;
}

export interface RaiseHand {
  readonly type: "raise_hand";
  readonly id: number;
  readonly up: boolean;
}

export interface React {
  readonly type: "react";
  readonly id: number;
  readonly reaction: "clap" | "laugh" | "like" | "puzzled" | "wow";
}

export interface Reacted {
  readonly type: "reacted";
  readonly reactions: readonly (ReactionSign)[];
}

export interface ReactionSign {
  readonly participant: string;
  readonly reaction: "clap" | "laugh" | "like" | "puzzled" | "wow";
}

export interface RemoveChat {
  readonly type: "remove_chat";
  readonly id: number;
  readonly message: string;
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

export interface Report {
  readonly type: "report";
  readonly id: number;
  readonly participant: string | null;
  readonly category: "insult" | "other" | "picture" | "stranger" | "technical";
  readonly text: string;
}

export interface Restarting {
  readonly type: "restarting";
}

export interface Restrict {
  readonly type: "restrict";
  readonly id: number;
  readonly participant: string | null;
  readonly kind: "camera" | "microphone" | "screen";
  readonly how: "closed" | "off" | "open";
}

export interface RestrictedReply {
  readonly type: "restricted";
  readonly re: number;
  readonly participants: readonly (string)[];
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

export interface Rights {
  readonly microphone: "closed" | "floor" | "open";
  readonly camera: "closed" | "open";
  readonly screen: "closed" | "open";
}

export interface RoomChanged {
  readonly type: "room_changed";
  readonly seq: number;
  readonly room: RoomInfo;
}

export interface RoomInfo {
  readonly lesson: string;
  readonly kind: "lesson" | "meeting";
  readonly title: string;
  readonly class_name: string;
  readonly starts_at: number;
  readonly ends_at: number;
  readonly flow: boolean;
  readonly why_not: "no_adult" | "two_adults" | null;
  readonly media_stops_at: number | null;
  readonly settings: RoomSettings;
  readonly spotlight: readonly (string)[];
}

export interface RoomSettings {
  readonly door: "knock" | "list";
  readonly locked: boolean;
  readonly microphones: "closed" | "open";
  readonly cameras: "closed" | "open";
  readonly sharing: "closed" | "open";
  readonly chat: "all" | "hosts" | "off";
  readonly pupils_cameras: "all" | "hosts";
}

export interface RoomSnapshot {
  readonly seq: number;
  readonly room: RoomInfo;
  readonly participants: readonly (Participant)[];
  readonly chat: readonly (ChatMessage)[];
  readonly waiting: readonly (Waiting)[];
}

export interface SendChat {
  readonly type: "send_chat";
  readonly id: number;
  readonly key: string;
  readonly text: string;
}

export interface SetAnswer {
  readonly type: "set_answer";
  readonly id: number;
  readonly answer: "no" | "yes" | null;
}

export interface SetHost {
  readonly type: "set_host";
  readonly id: number;
  readonly participant: string;
  readonly host: boolean;
}

export interface SetLayout {
  readonly type: "set_layout";
  readonly id: number;
  readonly layout: Layout;
}

export interface SetMedia {
  readonly type: "set_media";
  readonly id: number;
  readonly media: Media;
  readonly mute_seen?: number;
}

export interface SetRoom {
  readonly type: "set_room";
  readonly id: number;
  readonly door?: "knock" | "list" | null;
  readonly locked?: boolean | null;
  readonly chat?: "all" | "hosts" | "off" | null;
  readonly pupils_cameras?: "all" | "hosts" | null;
}

export interface SetSpotlight {
  readonly type: "set_spotlight";
  readonly id: number;
  readonly participants: readonly (string)[];
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

export interface TakeFloor {
  readonly type: "take_floor";
  readonly id: number;
  readonly participant: string | null;
}

export interface TakeSound {
  readonly type: "take_sound";
  readonly id: number;
}

export interface ThisDevice {
  readonly type: "this_device";
  readonly others: number;
  readonly sound: boolean;
  readonly taken: readonly ("camera" | "microphone" | "screen" | "screen_sound")[];
}

export interface ViewedTrack {
  readonly source: number;
  readonly width: number;
  readonly height: number;
}

export interface Waiting {
  readonly id: string;
  readonly name: string;
  readonly short_name: string;
  readonly initials: string;
  readonly about: string;
  readonly role: "observer" | "parent" | "pupil" | "staff" | "teacher";
  readonly expected: boolean;
  readonly since: number;
}

export interface YourLink {
  readonly type: "your_link";
  readonly quality: "good" | "weak";
  readonly held_back: "all" | "fewer" | "none";
}

export type ClientMessage = Join | Resume | Reoffer | Settle | SetMedia | TakeSound | SetView | SetLayout | RaiseHand | SetAnswer | React | SendChat | RemoveChat | Report | Restrict | GiveFloor | TakeFloor | LowerHand | ClearAnswers | AskToTurnOn | SetRoom | SetSpotlight | Admit | Decline | SetHost | RemoveParticipant | EndLesson | Leave;

export type ServerMessage = Joined | Resumed | Reoffered | Done | RestrictedReply | Failed | ParticipantJoined | ParticipantChanged | ParticipantLeft | RoomChanged | ChatSaid | ChatRemoved | DoorChanged | Reacted | PleaseTurnOn | AtTheDoor | ThisDevice | YourLink | Restarting | Speaking | SlotsMapped | MediaReset | PleaseReoffer | Closed;
