// Runs in the pages of test_devices.py: lets the tests pull devices out of the browser, plug them in again, and have another program
// hold them. What is left is the browser's own.

(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  const list = media.enumerateDevices.bind(media);
  const gone = new Set();
  const given = [];
  let held = null;

  const here = async () => (await list()).filter(({ deviceId }) => !gone.has(deviceId));
  const changed = () => media.dispatchEvent(new Event('devicechange'));
  const inputOf = (kind) => (kind === 'video' ? 'videoinput' : 'audioinput');

  const getUserMedia = async (constraints) => {
    const left = await here();
    const wanted = {};
    for (const kind of ['audio', 'video']) {
      if (!constraints[kind]) continue;
      if (held === kind) throw new DOMException('held by the test', 'NotReadableError');
      const inputs = left.filter((device) => device.kind === inputOf(kind));
      if (inputs.length === 0) throw new DOMException('pulled out by the test', 'NotFoundError');
      const { exact, ideal } = constraints[kind].deviceId ?? {};
      if (exact && gone.has(exact)) throw new DOMException('pulled out by the test', 'OverconstrainedError');
      const deviceId = exact || (ideal && !gone.has(ideal)) ? { exact: exact ?? ideal } : { exact: inputs[0].deviceId };
      wanted[kind] = { ...constraints[kind], ...(gone.size > 0 ? { deviceId } : {}) };
    }
    const stream = await ask(wanted);
    given.push(...stream.getTracks());
    return stream;
  };

  // A device has gone, and its tracks with it.
  const unplug = (kind) => {
    const track = given.filter((one) => one.kind === kind && one.readyState === 'live').at(-1);
    gone.add(track.getSettings().deviceId);
    track.stop();
    track.dispatchEvent(new Event('ended'));
    changed();
  };
  const unplugAll = async (kind) => {
    for (const device of await list()) if (device.kind === inputOf(kind)) gone.add(device.deviceId);
    unplug(kind);
  };
  const plug = () => {
    gone.clear();
    changed();
  };
  const hold = (kind) => (held = kind);

  Object.defineProperty(media, 'getUserMedia', { value: getUserMedia, configurable: true });
  Object.defineProperty(media, 'enumerateDevices', { value: here, configurable: true });
  window.zvonokDevices = { unplug, unplugAll, plug, hold, given };
})();
