/**
 * Cyclic redundancy checks that node:zlib does not have: CRC-32C (RFC 3720, Castagnoli's polynomial) and CRC-64/NVME (NVM
 * Express Base Specification, section "End-to-end data protection"). Both are reflected, begin and end with all bits
 * inverted. A 64-bit remainder is kept as two halves: numbers, not bigints, in the loop.
 */
const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC64NVME_POLYNOMIAL = { high: 0x9a6c9329, low: 0xac4bc9b5 };

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? CRC32C_POLYNOMIAL : 0);
  return remainder >>> 0;
});

/** @param before the checksum of the bytes before these */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let index = 0; index < bytes.length; index++) {
    remainder = (remainder >>> 8) ^ (crc32cTable[(remainder ^ (bytes[index] as number)) & 0xff] as number);
  }
  return ~remainder >>> 0;
}

const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let [high, low] = [0, byte];
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (odd === 1) {
      low ^= CRC64NVME_POLYNOMIAL.low;
      high ^= CRC64NVME_POLYNOMIAL.high;
    }
  }
  crc64High[byte] = high;
  crc64Low[byte] = low;
}

export interface Crc64 {
  readonly high: number;
  readonly low: number;
}

/** @param before the checksum of the bytes before these */
export function crc64nvme(bytes: Uint8Array, before: Crc64 = { high: 0, low: 0 }): Crc64 {
  let [high, low] = [~before.high, ~before.low];
  for (let index = 0; index < bytes.length; index++) {
    const entry = (low ^ (bytes[index] as number)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Low[entry] as number);
    high = (high >>> 8) ^ (crc64High[entry] as number);
  }
  return { high: ~high >>> 0, low: ~low >>> 0 };
}
