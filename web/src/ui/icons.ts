// The icons of the client: files of lucide-static (ISC), taken into the build as text, without their <svg> frame.

import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import badgeCheck from 'lucide-static/icons/badge-check.svg?raw';
import bell from 'lucide-static/icons/bell.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import chevronUp from 'lucide-static/icons/chevron-up.svg?raw';
import circleCheck from 'lucide-static/icons/circle-check.svg?raw';
import circleQuestionMark from 'lucide-static/icons/circle-question-mark.svg?raw';
import circleUserRound from 'lucide-static/icons/circle-user-round.svg?raw';
import clock from 'lucide-static/icons/clock.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import doorClosedLocked from 'lucide-static/icons/door-closed-locked.svg?raw';
import doorOpen from 'lucide-static/icons/door-open.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import ellipsis from 'lucide-static/icons/ellipsis.svg?raw';
import ellipsisVertical from 'lucide-static/icons/ellipsis-vertical.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import eyeOff from 'lucide-static/icons/eye-off.svg?raw';
import flag from 'lucide-static/icons/flag.svg?raw';
import globe from 'lucide-static/icons/globe.svg?raw';
import hand from 'lucide-static/icons/hand.svg?raw';
import headphones from 'lucide-static/icons/headphones.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import keyboard from 'lucide-static/icons/keyboard.svg?raw';
import laugh from 'lucide-static/icons/laugh.svg?raw';
import layoutGrid from 'lucide-static/icons/layout-grid.svg?raw';
import layoutPanelLeft from 'lucide-static/icons/layout-panel-left.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import lock from 'lucide-static/icons/lock.svg?raw';
import lockOpen from 'lucide-static/icons/lock-open.svg?raw';
import logOut from 'lucide-static/icons/log-out.svg?raw';
import maximize from 'lucide-static/icons/maximize.svg?raw';
import messageSquare from 'lucide-static/icons/message-square.svg?raw';
import mic from 'lucide-static/icons/mic.svg?raw';
import micOff from 'lucide-static/icons/mic-off.svg?raw';
import minus from 'lucide-static/icons/minus.svg?raw';
import monitor from 'lucide-static/icons/monitor.svg?raw';
import monitorPause from 'lucide-static/icons/monitor-pause.svg?raw';
import monitorUp from 'lucide-static/icons/monitor-up.svg?raw';
import partyPopper from 'lucide-static/icons/party-popper.svg?raw';
import pictureInPicture from 'lucide-static/icons/picture-in-picture.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import pinOff from 'lucide-static/icons/pin-off.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import rotateCcw from 'lucide-static/icons/rotate-ccw.svg?raw';
import send from 'lucide-static/icons/send.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import sparkles from 'lucide-static/icons/sparkles.svg?raw';
import star from 'lucide-static/icons/star.svg?raw';
import thumbsUp from 'lucide-static/icons/thumbs-up.svg?raw';
import trash2 from 'lucide-static/icons/trash-2.svg?raw';
import triangleAlert from 'lucide-static/icons/triangle-alert.svg?raw';
import undo2 from 'lucide-static/icons/undo-2.svg?raw';
import userCheck from 'lucide-static/icons/user-check.svg?raw';
import userPlus from 'lucide-static/icons/user-plus.svg?raw';
import userX from 'lucide-static/icons/user-x.svg?raw';
import usersRound from 'lucide-static/icons/users-round.svg?raw';
import video from 'lucide-static/icons/video.svg?raw';
import videoOff from 'lucide-static/icons/video-off.svg?raw';
import volume2 from 'lucide-static/icons/volume-2.svg?raw';
import wifi from 'lucide-static/icons/wifi.svg?raw';
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
  'chevron-up': chevronUp,
  'circle-check': circleCheck,
  'circle-question-mark': circleQuestionMark,
  'circle-user-round': circleUserRound,
  clock,
  copy,
  'door-closed-locked': doorClosedLocked,
  'door-open': doorOpen,
  download,
  ellipsis,
  'ellipsis-vertical': ellipsisVertical,
  eye,
  'eye-off': eyeOff,
  flag,
  globe,
  hand,
  headphones,
  info,
  keyboard,
  laugh,
  'layout-grid': layoutGrid,
  'layout-panel-left': layoutPanelLeft,
  link,
  lock,
  'lock-open': lockOpen,
  'log-out': logOut,
  maximize,
  'message-square': messageSquare,
  mic,
  'mic-off': micOff,
  minus,
  monitor,
  'monitor-pause': monitorPause,
  'monitor-up': monitorUp,
  'party-popper': partyPopper,
  pause,
  'picture-in-picture': pictureInPicture,
  pin,
  'pin-off': pinOff,
  play,
  plus,
  'rotate-ccw': rotateCcw,
  send,
  settings,
  sparkles,
  star,
  'thumbs-up': thumbsUp,
  'trash-2': trash2,
  'triangle-alert': triangleAlert,
  'undo-2': undo2,
  'user-check': userCheck,
  'user-plus': userPlus,
  'user-x': userX,
  'users-round': usersRound,
  video,
  'video-off': videoOff,
  'volume-2': volume2,
  wifi,
  'wifi-off': wifiOff,
  x,
};

export type IconName = keyof typeof files;

/** The shapes inside the icon's <svg>. */
export function shapesOf(name: IconName): string {
  const file = files[name];
  return file.slice(file.indexOf('>', file.indexOf('<svg')) + 1, file.lastIndexOf('</svg>'));
}
