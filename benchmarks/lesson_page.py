"""A page of Chromium that enters a lesson of the demo school: its camera (a canvas), its microphone (a tone), and who
is signed in. The benchmarks of the browser call it; what they measure is theirs.
"""

from playwright.sync_api import Page

from benchmarks.processes import DemoPerson, DemoSchool
from zvonok.demo_school import CLASS_OF_THE_LESSON

DEADLINE_MS = 15_000
PAGE_SCRIPT = """(() => {
  const camera = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 270 });
    const context = canvas.getContext('2d');
    let frame = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${frame++ % 360} 60% 50%)`;
      context.fillRect(0, 0, 480, 270);
    }, 66);
    return canvas.captureStream(15).getVideoTracks()[0];
  };
  const microphone = () => {
    const audio = new AudioContext();
    const out = audio.createMediaStreamDestination();
    const tone = audio.createOscillator();
    tone.connect(out);
    tone.start();
    return out.stream.getAudioTracks()[0];
  };
  navigator.mediaDevices.getUserMedia = async ({ video, audio }) =>
    new MediaStream([...(video ? [camera()] : []), ...(audio ? [microphone()] : [])]);
  addEventListener('click', ({ target }) => {
    if (target.closest('button')?.textContent.trim() === 'Войти') performance.mark('bench:click');
  }, true);
})()"""
# The pages' content security policy forbids what Playwright's own waiting for a condition does.
FIRST_FRAME = """deadline => new Promise((done, fail) => {
  setTimeout(fail, deadline, new Error('no picture came'));
  const look = () =>
    performance.getEntriesByName('zvonok:first_frame').length > 0 ? done() : setTimeout(look, 20);
  look();
})"""


def last_pupils(school: DemoSchool, count: int) -> list[DemoPerson]:
    """The generator takes pupils in the order of the list; the last ones of the class are left for the browser."""
    return [each for each in school.people if each.role == "pupil" and each.class_name == CLASS_OF_THE_LESSON][-count:]


def last_pupil(school: DemoSchool) -> DemoPerson:
    return last_pupils(school, 1)[0]


def enter(page: Page, lesson_url: str) -> None:
    """Of who is signed in. Returns with the first picture of somebody else."""
    page.goto(lesson_url)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.evaluate(FIRST_FRAME, DEADLINE_MS)
