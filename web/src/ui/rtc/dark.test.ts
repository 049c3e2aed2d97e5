import { describe, expect, it } from 'vitest';
import { DarkPictures, type Received } from './dark';

const received = (packets: number, frames = 0, lost = 0): Received => ({ packets, lost, frames });

/** Looks once a second; gives the seconds at which another connection was wanted. */
function wanted(seconds: number, counts: (second: number) => Readonly<Record<string, Received>>): number[] {
  const dark = new DarkPictures();
  return Array.from({ length: seconds + 1 }, (_, second) => second).filter((second) =>
    dark.observe(new Map(Object.entries(counts(second))), second * 1000),
  );
}

const packets = (second: number): number => second * 30;

describe('pictures that stay dark', () => {
  it('are given up after six seconds of packets, and then ever more patiently', () => {
    expect(wanted(130, (second) => ({ a: received(packets(second)) }))).toEqual([6, 31, 128]);
  });

  it('are found beside others that wait for their first packet', () => {
    expect(wanted(10, (second) => ({ a: received(0), b: received(packets(second), 3) }))).toEqual([6]);
  });

  it('are none where nothing is sent, as by a camera that is off', () => {
    expect(wanted(60, () => ({ a: received(40) }))).toEqual([]);
  });

  it('are none while anything is decoded, however slowly', () => {
    expect(wanted(60, (second) => ({ a: received(packets(second), Math.floor(second / 4)) }))).toEqual([]);
  });

  it('are none on a line that loses packets or carries next to none', () => {
    expect(wanted(60, (second) => ({ a: received(packets(second), 0, Math.floor(second / 4)) }))).toEqual([]);
    expect(wanted(60, (second) => ({ a: received(2 * second) }))).toEqual([]);
  });

  it('are forgotten when they are seen or nobody is to be seen there any more', () => {
    const gone = (second: number): boolean => second % 5 === 4;
    expect(wanted(60, (second) => (gone(second) ? {} : { a: received(packets(second)) }))).toEqual([]);
  });
});
