// SPDX-License-Identifier: Apache-2.0
// Checksums with published check values: CRC-32, CRC-32C, CRC-16/IBM-3740 of "123456789", SHA-256 of "abc" (FIPS
// 180-4).
#include "program.h"

SIGNATURE(11);

static uint32_t crc_reflected(const char* text, uint32_t polynomial) {
  uint32_t crc = ~0u;
  for (; *text; ++text) {
    crc ^= (uint8_t)*text;
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (-(crc & 1) & polynomial);
  }
  return ~crc;
}

static uint32_t crc16(const char* text) {
  uint32_t crc = 0xFFFF;
  for (; *text; ++text) {
    crc ^= (uint32_t)(uint8_t)*text << 8;
    for (int i = 0; i < 8; ++i) crc = (crc << 1 ^ (-(crc >> 15 & 1) & 0x1021)) & 0xFFFF;
  }
  return crc;
}

static uint32_t right(uint32_t x, int n) { return x >> n | x << (32 - n); }

// The first 32 bits of the fractions of the square roots of the first 8 primes, and of the cube roots of the first 64.
static const uint32_t h[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                              0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
static const uint32_t k[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};

static void sha256(const char* text, uint32_t length, volatile uint32_t* out) {
  static uint32_t w[64];
  for (uint32_t i = 0; i < length; ++i) w[i / 4] |= (uint32_t)(uint8_t)text[i] << (24 - 8 * (i % 4));
  w[length / 4] |= 0x80u << (24 - 8 * (length % 4));
  w[15] = 8 * length;
  for (int t = 16; t < 64; ++t) {
    const uint32_t a = w[t - 15], b = w[t - 2];
    w[t] = (right(b, 17) ^ right(b, 19) ^ b >> 10) + w[t - 7] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[t - 16];
  }
  uint32_t s[8];
  for (int i = 0; i < 8; ++i) s[i] = h[i];
  for (int t = 0; t < 64; ++t) {
    const uint32_t t1 =
        s[7] + (right(s[4], 6) ^ right(s[4], 11) ^ right(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[t] + w[t];
    const uint32_t t2 =
        (right(s[0], 2) ^ right(s[0], 13) ^ right(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    for (int i = 7; i > 0; --i) s[i] = s[i - 1];
    s[4] += t1;
    s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; ++i) out[i] = h[i] + s[i];
}

int main(void) {
  signature[0] = crc_reflected("123456789", 0xEDB88320);
  signature[1] = crc_reflected("123456789", 0x82F63B78);
  signature[2] = crc16("123456789");
  sha256("abc", 3, signature + 3);
  return 0;
}
