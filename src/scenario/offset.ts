/** Time since a scenario began, as people read it: `0s`, `12.3s`, `1m02.3s`, `2h52m00s`. Tenths are cut, not rounded. */
export const offsetText = (ms: number): string => {
  const tenths = Math.floor(ms / 100);
  const seconds = Math.floor(tenths / 10);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const fraction = tenths % 10 === 0 ? "" : `.${tenths % 10}`;
  const two = (value: number): string => String(value).padStart(2, "0");
  if (h > 0) return `${h}h${two(m)}m${two(s)}${fraction}s`;
  return m > 0 ? `${m}m${two(s)}${fraction}s` : `${s}${fraction}s`;
};
