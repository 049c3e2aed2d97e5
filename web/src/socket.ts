// The browser's WebSocket to this page's own server, as protocol/channel.ts wants one.

import { SUBPROTOCOL, type Socket } from './protocol/connection';
import { mark } from './marks';

export function openSocket(): Socket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/ws`, SUBPROTOCOL);
  return {
    listen(events) {
      socket.onopen = () => {
        mark('ws_open');
        events.onOpen();
      };
      socket.onmessage = ({ data }: MessageEvent<unknown>) => events.onMessage(data);
      socket.onclose = ({ code }) => events.onClose(code);
    },
    send: (frame) => socket.send(frame),
    close: (code) => socket.close(code),
  };
}
