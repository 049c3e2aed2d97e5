"""Levels of audio turned into who is forwarded and who is marked as speaking."""

from sfu.speakers import FORWARDED, Speakers

STEP_S = 0.05
VOICE, LOUD, BREATH, SILENCE = 30, 15, 70, 127


class Room:
    """Speakers fed every 50 ms with the levels of who has an open microphone."""

    def __init__(self) -> None:
        self.speakers = Speakers()
        self.now = 0.0

    def hear(self, seconds: float, **levels: int) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            self.speakers.observe([(int(name[1:]), level) for name, level in levels.items()], self.now)

    def loudest(self) -> set[int]:
        return set(self.speakers.loudest())

    def speaking(self) -> list[int]:
        return self.speakers.speaking(self.now)


def test_the_first_level_of_a_microphone_lets_it_in_while_there_is_room() -> None:
    room = Room()
    room.hear(STEP_S, s1=SILENCE, s2=BREATH, s3=VOICE)
    assert room.loudest() == {1, 2, 3}


def test_a_fifth_who_speaks_replaces_who_is_silent_within_one_report() -> None:
    room = Room()
    room.hear(3, s1=VOICE, s2=SILENCE, s3=VOICE, s4=VOICE)
    room.hear(STEP_S, s1=VOICE, s2=SILENCE, s3=VOICE, s4=VOICE, s5=VOICE)
    assert room.loudest() == {1, 3, 4, 5}


def test_never_more_than_four_are_forwarded() -> None:
    room = Room()
    room.hear(5, **{f"s{n}": 20 + n for n in range(1, 12)})
    assert len(room.loudest()) == FORWARDED


def test_a_fifth_who_only_breathes_replaces_nobody() -> None:
    room = Room()
    room.hear(3, s1=SILENCE, s2=SILENCE, s3=SILENCE, s4=SILENCE)
    room.hear(5, s1=SILENCE, s2=SILENCE, s3=SILENCE, s4=SILENCE, s5=BREATH)
    assert room.loudest() == {1, 2, 3, 4}


def test_equal_voices_do_not_push_each_other_out() -> None:
    room = Room()
    room.hear(2, s1=VOICE, s2=VOICE, s3=VOICE, s4=VOICE)
    room.hear(10, s1=VOICE, s2=VOICE, s3=VOICE, s4=VOICE, s5=VOICE - 3)
    assert room.loudest() == {1, 2, 3, 4}


def test_a_clearly_louder_one_pushes_out_the_quietest_of_those_who_speak() -> None:
    room = Room()
    room.hear(2, s1=VOICE, s2=VOICE, s3=VOICE + 10, s4=VOICE)
    room.hear(STEP_S, s1=VOICE, s2=VOICE, s3=VOICE + 10, s4=VOICE, s5=LOUD)
    assert room.loudest() == {1, 2, 4, 5}


def test_a_pause_between_two_words_costs_nobody_the_place() -> None:
    room = Room()
    room.hear(2, s1=VOICE, s2=VOICE, s3=VOICE, s4=VOICE)
    room.hear(0.3, s1=SILENCE, s2=VOICE, s3=VOICE, s4=VOICE, s5=VOICE + 2)
    assert room.loudest() == {1, 2, 3, 4}


def test_a_muted_source_is_forgotten() -> None:
    room = Room()
    room.hear(1, s1=VOICE, s2=VOICE)
    room.hear(6, s1=VOICE)
    assert room.loudest() == {1}
    room.speakers.remove(1)
    assert room.loudest() == set()


def test_speaking_begins_after_150_ms_of_voice() -> None:
    room = Room()
    room.hear(0.15, s1=VOICE)
    assert room.speaking() == []
    room.hear(0.05, s1=VOICE)
    assert room.speaking() == [1]


def test_a_knock_is_not_speaking() -> None:
    room = Room()
    room.hear(0.1, s1=LOUD)
    room.hear(0.5, s1=SILENCE)
    assert room.speaking() == []


def test_speaking_stays_600_ms_after_the_last_voice() -> None:
    room = Room()
    room.hear(1, s1=VOICE)
    room.hear(0.55, s1=SILENCE)
    assert room.speaking() == [1]
    room.hear(0.1, s1=SILENCE)
    assert room.speaking() == []


def test_speaking_ends_even_when_no_level_comes_any_more() -> None:
    room = Room()
    room.hear(1, s1=VOICE)
    assert room.speakers.speaking(room.now + 0.7) == []


def test_the_loudest_is_named_first() -> None:
    room = Room()
    room.hear(1, s1=VOICE, s2=LOUD)
    assert room.speaking() == [2, 1]
