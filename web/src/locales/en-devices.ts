// English words of cameras, microphones and speakers: the device check, the choice of devices, blur, filters, and what goes wrong
// with them. A part of en.ts.

const named = (label: string): string => (label === '' ? '' : ` “${label}”`);

export const enDevices = {
  speaker: 'Sound',
  systemSpeaker: 'Same as system',
  unnamedSpeaker: (n: number) => `Speaker ${n}`,
  trySound: 'Test sound',
  tryingSound: 'Playing the bell. Can you hear it? If not, turn the volume up or choose another sound.',
  mode: 'Voice',
  modes: { usual: 'Usual', clear: 'Remove noise', music: 'Music' },
  modeLeads: {
    usual: 'Right for nearly everybody.',
    clear: 'Takes away knocking, fans and the street. Uses a little more of the computer.',
    music: 'Takes nothing away: for singing and instruments. Wear headphones, or there will be echo.',
  },
  blur: 'Blur background',
  blurLead: 'You are seen, the room is not.',
  withoutCamera: (act: string) => `${act} without camera`,
  listenOnly: 'Just listen',
  withoutBoth: (act: string) => `${act} without camera and microphone`,
  line: {
    measuring: 'Looking at your connection',
    good: 'Connection is good',
    weak: 'Connection is weak: sound comes first, pictures will be simpler',
    none: 'The school does not answer',
  },
  vanished: {
    microphone: 'The microphone was unplugged. Plug it in again: it comes on by itself.',
    camera: 'The camera was unplugged. Plug it in again: it comes on by itself.',
  },
  held: {
    microphone:
      'The phone or computer took the microphone, maybe for a call. You will be heard again after it.',
    camera: 'The phone or computer covered the camera. You will be seen again after it.',
  },
  busy: {
    microphone:
      'Another program holds the microphone: a call, a recorder, another tab. Close it and check again.',
    camera: 'Another program holds the camera: a call, a recorder, another tab. Close it and check again.',
  },
  refused: {
    both: 'The browser keeps camera and microphone closed.',
    microphone: 'The browser keeps the microphone closed.',
    camera: 'The browser keeps the camera closed.',
    lead: 'You pressed “Block”, or somebody did before you.',
    dismissed: 'The browser’s question was closed without an answer. Check again and press “Allow”.',
    system: 'This site may use them, but the browser itself may not: the system decides that.',
  },
  steps: {
    chromium: [
      'Press the icon to the left of the address.',
      'Turn on “Camera” and “Microphone”.',
      'Come back here: we check by ourselves.',
    ],
    yandex: [
      'Press the lock to the left of the address.',
      'Under “Permissions” turn on camera and microphone.',
      'Come back here: we check by ourselves.',
    ],
    firefox: [
      'Press the crossed-out camera or microphone to the left of the address.',
      'Remove “Blocked” with the cross beside it.',
      'Come back here and press “Check again”.',
    ],
    safari_mac: [
      'In the Safari menu open “Settings for This Website”.',
      'Choose “Allow” for camera and microphone.',
      'Come back here: we check by ourselves.',
    ],
    safari_ios: [
      'Press the icon to the left of the address, then “Website Settings”.',
      'Choose “Allow” for camera and microphone.',
      'Come back here: we check by ourselves.',
    ],
    chrome_android: [
      'Press the icon to the left of the address, then “Permissions”.',
      'Turn on camera and microphone.',
      'Come back here: we check by ourselves.',
    ],
    other_ios: [
      'Open the phone’s Settings and find this browser there.',
      'Turn on “Camera” and “Microphone”.',
      'Come back here: we check by ourselves.',
    ],
  },
  systemSteps: {
    mac: [
      'Open System Settings, then “Privacy & Security”.',
      'Under “Camera” and “Microphone” turn on this browser.',
      'Come back here: we check by ourselves.',
    ],
    windows: [
      'Open Settings, then “Privacy”.',
      'Under “Camera” and “Microphone” let desktop apps use them.',
      'Come back here: we check by ourselves.',
    ],
    ios: [
      'Open the phone’s Settings and find this browser there.',
      'Turn on “Camera” and “Microphone”.',
      'Come back here: we check by ourselves.',
    ],
    android: [
      'Open the phone’s Settings, “Apps”, this browser.',
      'Under “Permissions” turn on camera and microphone.',
      'Come back here: we check by ourselves.',
    ],
    other: [
      'Open the system’s settings of camera and microphone.',
      'Let this browser use them.',
      'Come back here: we check by ourselves.',
    ],
  },
  notices: {
    took_over: {
      microphone: (gone: string, taken: string) =>
        `Unplugged:${named(gone) || ' the microphone'}. You are heard through${named(taken) || ' another one'} instead.`,
      camera: (gone: string, taken: string) =>
        `Unplugged:${named(gone) || ' the camera'}. You are seen by${named(taken) || ' another one'} instead.`,
    },
    vanished: {
      microphone: (gone: string) =>
        `The microphone${named(gone)} was unplugged. You are not heard. Plug it in: it comes on by itself.`,
      camera: (gone: string) => `The camera${named(gone)} was unplugged. Plug it in: it comes on by itself.`,
    },
    back: {
      microphone: (taken: string) => `The microphone${named(taken)} is back.`,
      camera: (taken: string) => `The camera${named(taken)} is back.`,
    },
    plugged: {
      microphone: (label: string) => `A microphone${named(label)} was plugged in.`,
      camera: (label: string) => `A camera${named(label)} was plugged in.`,
    },
    not_given: {
      microphone: (label: string) =>
        `The microphone${named(label)} does not come on, maybe it is in use. The other one stays.`,
      camera: (label: string) =>
        `The camera${named(label)} does not come on, maybe it is in use. The other one stays.`,
    },
    speaker_gone: (gone: string) =>
      `The speaker${named(gone)} was unplugged. The system’s one plays instead.`,
    clear_failed: 'This browser cannot remove noise. Your voice goes out as usual.',
    blur_failed:
      'This browser cannot blur the background. The camera is off: turn it on if the room may be seen.',
    blur_slow:
      'This device is too slow to blur the background. The camera is off: turn it on if the room may be seen.',
    take: 'Use it',
    takeCamera: 'Use it',
  },
  echo: {
    lesson_heard: 'There seems to be a second device with this lesson beside you. Turn its sound off.',
    voice_returns:
      'Your voice comes back into the lesson. There seems to be a second device: turn its microphone off.',
  },
  dialogLead: 'You can change them during the lesson: nobody will notice.',
};
