// Whether this device is one of those that choke on nine pictures. Only memory tells, and only Chromium tells it: a phone with two
// cores of 2015 and a computer with two cores of today say the same number of cores.

const LITTLE_MEMORY_GB = 2;

export function isSlow(): boolean {
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  return deviceMemory !== undefined && deviceMemory <= LITTLE_MEMORY_GB;
}
