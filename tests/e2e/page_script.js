// Runs in every page of the end-to-end tests before its own scripts: the person's camera is a canvas of one
// colour with a moving square, the microphone a quiet tone, the shared screen a second canvas. Reads back what a
// tile really shows. `SETTINGS` is put in front by the test: {colour, screenColour, width, height, frames,
// tone, devices, noisy, portrait, answerMs, mappingDelayMs}.

(() => {
  // Head and shoulders, nodding a little: for pictures that people look at.
  const drawPerson = (context, width, height, frame) => {
    const nod = Math.sin(frame / 9) * height * 0.01;
    const disc = (x, y, radius, colour) => {
      context.fillStyle = colour;
      context.beginPath();
      context.ellipse(x, y + nod, radius, radius * 1.12, 0, 0, 2 * Math.PI);
      context.fill();
    };
    disc(width / 2, height * 1.12, height * 0.42, '#2f3a4a');
    disc(width / 2, height * 0.46, height * 0.235, '#5a3d2b');
    disc(width / 2, height * 0.5, height * 0.2, '#eec9a6');
    for (const side of [-1, 1]) disc(width / 2 + side * height * 0.075, height * 0.48, height * 0.02, '#2b2b2b');
    context.strokeStyle = '#9c4a3c';
    context.lineWidth = height * 0.012;
    context.beginPath();
    context.arc(width / 2, height * 0.55 + nod, height * 0.07, 0.2 * Math.PI, 0.8 * Math.PI);
    context.stroke();
  };

  const canvasStream = (colour, width, height, frames, portrait) => {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    let frame = 0;
    const noise = document.createElement('canvas');
    noise.width = noise.height = 64;
    const grain = noise.getContext('2d').createImageData(64, 64);
    for (let index = 0; index < grain.data.length; index += 4) {
      const grey = Math.random() * 255;
      grain.data.set([grey, grey, grey, 255], index);
    }
    noise.getContext('2d').putImageData(grain, 0, 0);
    const draw = () => {
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
      if (SETTINGS.noisy) {
        context.globalAlpha = 0.25;
        for (let x = 0; x < width; x += 64) {
          for (let y = 0; y < height; y += 64) context.drawImage(noise, x + ((frame * 7) % 64) - 64, y);
        }
        context.globalAlpha = 1;
      }
      if (portrait) {
        drawPerson(context, width, height, frame);
      } else {
        context.fillStyle = '#fff';
        context.fillRect((frame * 5) % width, height - height / 8, height / 8, height / 8);
      }
      frame += 1;
    };
    draw();
    setInterval(draw, 1000 / frames);
    return canvas.captureStream(frames);
  };

  const toneTrack = (frequency) => {
    const audio = new AudioContext();
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    const out = audio.createMediaStreamDestination();
    oscillator.frequency.value = frequency;
    gain.gain.value = 0.2;
    oscillator.connect(gain).connect(out);
    oscillator.start();
    void audio.resume();
    return out.stream.getAudioTracks()[0];
  };

  const refuse = (name) => Promise.reject(new DOMException('refused by the test', name));

  const getUserMedia = async (constraints) => {
    // As long as a person takes to answer the browser's question.
    await new Promise((resolve) => setTimeout(resolve, SETTINGS.answerMs));
    if (SETTINGS.devices === 'refused') return refuse('NotAllowedError');
    if (SETTINGS.devices === 'missing') return refuse('NotFoundError');
    const stream = new MediaStream();
    if (constraints.video) {
      const { colour, width, height } = SETTINGS;
      canvasStream(colour, width, height, SETTINGS.frames, SETTINGS.portrait).getVideoTracks().forEach((track) => stream.addTrack(track));
    }
    if (constraints.audio) stream.addTrack(toneTrack(SETTINGS.tone));
    return stream;
  };
  const getDisplayMedia = (constraints) => {
    const stream = canvasStream(SETTINGS.screenColour, 640, 360, 10, false);
    if (constraints.audio) stream.addTrack(toneTrack(660));
    return Promise.resolve(stream);
  };
  if (SETTINGS.devices !== 'own') {
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: getUserMedia, configurable: true });
  }
  Object.defineProperty(navigator.mediaDevices, 'getDisplayMedia', { value: getDisplayMedia, configurable: true });

  const peers = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      peers.push(this);
    }
  };

  const sample = document.createElement('canvas');
  sample.width = sample.height = 8;
  const pen = sample.getContext('2d', { willReadFrequently: true });
  const shown = (element) => {
    const style = getComputedStyle(element);
    return style.visibility !== 'hidden' && style.display !== 'none' && Number(style.opacity) > 0.05;
  };
  const pixel = (video) => {
    if (!video || !video.videoWidth || !shown(video)) return null;
    pen.clearRect(0, 0, 8, 8);
    pen.drawImage(video, 0, 0, 8, 8);
    const [red, green, blue, alpha] = pen.getImageData(4, 2, 1, 1).data;
    return alpha === 0 ? null : [red, green, blue];
  };

  const tiles = () =>
    [...document.querySelectorAll('[role=group][aria-label]')]
      .filter((tile) => tile.querySelector('video') || tile.classList.contains('tile'))
      .map((tile) => ({ name: tile.getAttribute('aria-label'), pixel: pixel(tile.querySelector('video')) }));

  const statsOf = async (peer) => {
    if (peer.connectionState === 'closed') return [];
    return [...(await peer.getStats()).values()]
      .filter((entry) => ['inbound-rtp', 'outbound-rtp', 'transport'].includes(entry.type))
      .map((entry) => ({ ...entry }));
  };

  const stats = async () => (await Promise.all(peers.map(statsOf))).flat();

  // Packets that have come, of one kind or of all. Of a connection that is closed it is what was last seen: the count never falls.
  const counted = new Map();
  const received = async (kind) => {
    for (const peer of peers) {
      for (const { type, id, kind, packetsReceived } of await statsOf(peer)) {
        if (type === 'inbound-rtp') counted.set(`${peers.indexOf(peer)} ${id}`, [kind, packetsReceived]);
      }
    }
    return [...counted.values()]
      .filter(([each]) => kind === undefined || each === kind)
      .reduce((sum, [, packets]) => sum + packets, 0);
  };

  // A mapping message that comes late: everything else goes past it.
  const NativeSocket = window.WebSocket;
  const sockets = [];
  window.WebSocket = class extends NativeSocket {
    constructor(...given) {
      super(...given);
      sockets.push(this);
      if (!SETTINGS.mappingDelayMs) return;
      const late = new WeakSet();
      this.addEventListener('message', (event) => {
        if (late.has(event) || !String(event.data).includes('"slots_mapped"')) return;
        event.stopImmediatePropagation();
        const again = new MessageEvent('message', { data: event.data });
        late.add(again);
        setTimeout(() => this.dispatchEvent(again), SETTINGS.mappingDelayMs);
      });
    }
  };

  // Every frame, every tile: a picture whose colour is not that of the tile's person is written down.
  const watch = { colours: {}, wrong: [], pictures: 0, running: false };
  const near = (pixel, wanted) => pixel.every((value, index) => Math.abs(value - wanted[index]) <= 70);
  const look = () => {
    if (!watch.running) return;
    for (const tile of tiles()) {
      const person = Object.keys(watch.colours).find((name) => tile.name.startsWith(name));
      if (!person || !tile.pixel) continue;
      watch.pictures += 1;
      if (!watch.colours[person].some((wanted) => near(tile.pixel, wanted))) watch.wrong.push(tile);
    }
    requestAnimationFrame(look);
  };
  const startWatching = (colours) => {
    Object.assign(watch, { colours, wrong: [], pictures: 0, running: true });
    requestAnimationFrame(look);
  };
  const stopWatching = () => {
    watch.running = false;
    return { wrong: watch.wrong.slice(0, 5), pictures: watch.pictures };
  };

  window.zvonokTest = { tiles, stats, received, peers, pixel, sockets, startWatching, stopWatching };
})();
