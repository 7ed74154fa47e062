import { describe, expect, it } from 'vitest';
import { bytesText, countText } from '../../src/graph/quantities';

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [100_000, '97.7 KiB'],
    [2 ** 20 - 1, '1.0 MiB'],
    [151 * 2 ** 20, '151 MiB'],
    [2 ** 30, '1.0 GiB'],
    [6.4e19, '55.5 EiB'],
    [2 ** 90, '1.0·10^3 YiB'],
    [2 ** 100, '1.0·10^6 YiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [999, '', '999'],
    [16_384, '', '16.4 k'],
    [999_950, '', '1.0 M'],
    [1.2e9, 'MACs', '1.2 GMACs'],
    [12, 'MACs', '12 MACs'],
    [4e22, 'MACs', '40.0 ZMACs'],
    [4.2e29, 'MACs', '4.2·10^5 YMACs'],
  ])('%d is counted as %s%s', (count, unit, text) => {
    expect(countText(count, unit)).toBe(text);
  });
});
