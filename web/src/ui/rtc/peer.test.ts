import { afterEach, beforeEach, expect, it } from 'vitest';
import { Peer } from './peer';

/** What is used of RTCRtpSender; a track takes another one's place when the test says so. */
class FakeSender {
  track: MediaStreamTrack | null = null;
  parameters = {
    encodings: [{ rid: 'f' }, { rid: 'h' }, { rid: 'q' }],
  } as unknown as RTCRtpSendParameters;
  private turn: Promise<void> = Promise.resolve();

  getParameters = (): RTCRtpSendParameters => structuredClone(this.parameters);

  setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    this.parameters = parameters;
    return Promise.resolve();
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    await this.turn;
    this.track = track;
  }

  hold(): () => void {
    let release: () => void = () => undefined;
    this.turn = new Promise((resolve) => (release = resolve));
    return release;
  }

  /** Widths of the layers that are sent. */
  get widths(): readonly (number | undefined)[] {
    const encodings = this.parameters.encodings as readonly (RTCRtpEncodingParameters & {
      scaleResolutionDownTo?: { maxWidth: number };
    })[];
    return encodings
      .filter(({ active }) => active)
      .map(({ scaleResolutionDownTo }) => scaleResolutionDownTo?.maxWidth);
  }
}

let senders: FakeSender[];

class FakeConnection {
  signalingState = 'stable';

  addTransceiver(): unknown {
    const sender = new FakeSender();
    senders.push(sender);
    return { sender, receiver: {}, mid: null, setCodecPreferences: () => undefined };
  }

  setRemoteDescription(): Promise<void> {
    for (const { parameters } of senders) for (const encoding of parameters.encodings) encoding.active = true;
    return Promise.resolve();
  }

  close(): void {
    this.signalingState = 'closed';
  }
}

const picture = (width: number, height: number): MediaStreamTrack =>
  ({ contentHint: '', getSettings: () => ({ width, height }) }) as unknown as MediaStreamTrack;

beforeEach(() => {
  senders = [];
  Object.assign(globalThis, {
    RTCPeerConnection: FakeConnection,
    RTCRtpReceiver: { getCapabilities: () => null },
  });
});

let peer: Peer;
afterEach(() => peer.close());

it('a line that changes while one camera takes the place of another one leaves the other one there', async () => {
  peer = new Peer(1, true, () => undefined);
  const [, camera] = senders;
  if (!camera) throw new Error('no sender of the camera');
  await peer.send('camera', picture(1280, 720));
  const release = camera.hold();
  const other = picture(640, 360);
  const taking = peer.send('camera', other);
  const fitting = peer.refit('camera');
  release();
  await Promise.all([taking, fitting]);
  expect(camera.track).toBe(other);
  expect(camera.widths).toEqual([640, 320, 160]);
});

it('an answer that switches every layer on changes nothing of what is sent', async () => {
  peer = new Peer(1, true, () => undefined);
  const [, camera, screen] = senders;
  await peer.accept('v=0');
  await peer.send('camera', picture(320, 180));
  expect(camera?.widths).toEqual([320]);
  await peer.accept('v=0');
  await peer.refit('camera');
  expect(camera?.widths).toEqual([320]);
  expect(screen?.widths).toEqual([]);
});
