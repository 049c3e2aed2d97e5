// The icons of the client: files of lucide-static (ISC), taken into the build as text, without their <svg> frame.

import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import badgeCheck from 'lucide-static/icons/badge-check.svg?raw';
import bell from 'lucide-static/icons/bell.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import clock from 'lucide-static/icons/clock.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import doorOpen from 'lucide-static/icons/door-open.svg?raw';
import ellipsis from 'lucide-static/icons/ellipsis.svg?raw';
import ellipsisVertical from 'lucide-static/icons/ellipsis-vertical.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import globe from 'lucide-static/icons/globe.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import logOut from 'lucide-static/icons/log-out.svg?raw';
import maximize from 'lucide-static/icons/maximize.svg?raw';
import mic from 'lucide-static/icons/mic.svg?raw';
import micOff from 'lucide-static/icons/mic-off.svg?raw';
import monitor from 'lucide-static/icons/monitor.svg?raw';
import monitorUp from 'lucide-static/icons/monitor-up.svg?raw';
import rotateCcw from 'lucide-static/icons/rotate-ccw.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import triangleAlert from 'lucide-static/icons/triangle-alert.svg?raw';
import userX from 'lucide-static/icons/user-x.svg?raw';
import usersRound from 'lucide-static/icons/users-round.svg?raw';
import video from 'lucide-static/icons/video.svg?raw';
import videoOff from 'lucide-static/icons/video-off.svg?raw';
import wifiOff from 'lucide-static/icons/wifi-off.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';

const files = {
  'arrow-left': arrowLeft,
  'badge-check': badgeCheck,
  bell,
  check,
  'chevron-down': chevronDown,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  clock,
  copy,
  'door-open': doorOpen,
  ellipsis,
  'ellipsis-vertical': ellipsisVertical,
  eye,
  globe,
  info,
  link,
  'log-out': logOut,
  maximize,
  mic,
  'mic-off': micOff,
  monitor,
  'monitor-up': monitorUp,
  'rotate-ccw': rotateCcw,
  settings,
  'triangle-alert': triangleAlert,
  'user-x': userX,
  'users-round': usersRound,
  video,
  'video-off': videoOff,
  'wifi-off': wifiOff,
  x,
};

export type IconName = keyof typeof files;

/** The shapes inside the icon's <svg>. */
export function shapesOf(name: IconName): string {
  const file = files[name];
  return file.slice(file.indexOf('>', file.indexOf('<svg')) + 1, file.lastIndexOf('</svg>'));
}
